// Imported before anything that an old Node could stumble over: ends the process with one clear line there.
const NEEDED = /** @type {const} */ ([20, 19]);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `coregram: Node ${NEEDED.join(".")} or later is needed, and this is ${process.version} (${process.execPath}): install a newer one (https://nodejs.org) and try again\n`,
  );
  process.exit(1);
}
