/**
 * The process, as `node:process` exports it. Stands in for that module in the bundle: importing it (ora does)
 * reads every property of the process, `stdin` among them, and node ends the program where standard input is
 * a pipe that is being read already.
 */
export default globalThis.process;
