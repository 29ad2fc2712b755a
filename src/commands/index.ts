// One file a command: how it is called; in run/, loaded when it is, the answer and the view. shell/ is the program's edge.
// in: argv
// out: text on stdout, notes on stderr, an exit code
export { runCli } from "./shell/cli.ts";
