// `npm start [-- ARGUMENTS]`: sets up, then runs the built program in this very process, so that its exit
// status, signals and terminal are its own. Without arguments it counts the sample.
import "./node-version.mjs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

import("./setup.mjs").then(async ({ CALLER, ROOT, setUp }) => {
  await setUp();
  process.chdir(CALLER);
  const bin = join(ROOT, "bin/coregram.js");
  const given = process.argv.slice(2);
  /** @param {string} name */
  const sample = (name) => relative(CALLER, join(ROOT, "samples", name));
  const args =
    given.length > 0
      ? given
      : [sample("downstream-after.core.gz"), "--symbols", sample("python3.11.syms.txt")];
  const command = [relative(CALLER, bin) || bin, ...args].map(quote).join(" ");
  // With -s it prints none.
  if (process.env.npm_config_loglevel !== "silent")
    process.stderr.write(`coregram: npm prints two lines above on stdout; for pipes: node ${command}\n`);
  process.argv = [process.execPath, bin, ...args];
  await import(pathToFileURL(bin).href);
});

/**
 * The argument as a shell reads it.
 * @param {string} argument
 */
function quote(argument) {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
