import { runCli } from "./cli.ts";

// Everything is written by now, and workers that still wait for work need no farewell.
process.exit(await runCli(process.argv.slice(2)));
