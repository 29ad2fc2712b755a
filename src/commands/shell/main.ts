/** Set by the build from package.json. */
declare const BUILT_VERSION: string;

// Where notes cannot be written, the answer can all the same.
process.stderr.on("error", () => undefined);

const argv = process.argv.slice(2);
if (argv.length === 1 && /^(?:--version|-V|version)$/.test(argv[0] ?? "")) {
  const { printText } = await import("./print-text.ts");
  process.exitCode = await printText(`${BUILT_VERSION}\n`);
} else {
  const { runCli } = await import("./cli.ts");
  // Everything is written by now, and workers that still wait for work need no farewell.
  process.exit(await runCli(argv));
}

export {};
