// `npm run lint` and `npm run types` call it first: installs what they need, where that is not there.
import "./node-version.mjs";

import("./setup.mjs").then(({ setUp }) => setUp({ build: false }));
