/** Set by the build from package.json. */
declare const BUILT_VERSION: string;

const argv = process.argv.slice(2);
if (argv.length === 1 && /^(?:--version|-V|version)$/.test(argv[0] ?? "")) console.log(BUILT_VERSION);
else {
  const { runCli } = await import("./cli.ts");
  // Everything is written by now, and workers that still wait for work need no farewell.
  process.exit(await runCli(argv));
}

export {};
