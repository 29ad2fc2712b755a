// `npm test [-- PATTERN]`: sets up, then runs the suite in this very process. Arguments go to vitest.
import "./node-version.mjs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import("./setup.mjs").then(async ({ ROOT, setUp }) => {
  await setUp();
  process.chdir(ROOT);
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  process.argv = [process.execPath, vitest, "run", ...process.argv.slice(2)];
  await import(pathToFileURL(vitest).href);
});
