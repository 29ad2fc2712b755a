#!/usr/bin/env node
// Words that every Node since 10 can read, so that one that is too old says so, and not the source that it stumbles over.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error(
    "coregram: Node 20.19 or later is needed, and this is " +
      process.version +
      " (" +
      process.execPath +
      "): install a newer one (https://nodejs.org) and try again",
  );
  process.exitCode = 1;
} else {
  import("../dist/coregram.js").catch((error) => {
    var isMissing = error.code === "ERR_MODULE_NOT_FOUND" && /dist.coregram\.js'/.test(error.message);
    if (!isMissing) throw error;
    console.error(
      "coregram: not built yet: npm start, in this clone, installs what the build needs, builds and runs it",
    );
    process.exitCode = 1;
  });
}
