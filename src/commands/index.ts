// One file a command: its options, the run, the view; and what all commands share at the program's edge.
// in: argv
// out: text on stdout, notes on stderr, an exit code
export { runCli } from "./shell/cli.ts";
