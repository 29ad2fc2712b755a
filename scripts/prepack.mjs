// `npm pack`: builds what is packed, on a fresh clone as well.
import "./node-version.mjs";

import("./setup.mjs").then(async ({ setUp }) => {
  await setUp();
  const { writeDeclarations } = await import("./declarations.mjs");
  await writeDeclarations();
});
