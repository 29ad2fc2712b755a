// What `npm start`, `npm test` and `npm run bench` do first: install and build, each only where it is needed; lint and types
// install alone.
// Node's own modules alone, as nothing else is there yet. Not a lifecycle hook: those do not run where
// ignore-scripts is set. All that is said goes to stderr.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isInstalled } from "./installed.mjs";
import { withLock } from "./lock.mjs";
import { isBuilt } from "./sources.mjs";

/** The package's folder. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The folder that the user called npm in; npm itself runs scripts in the package's. */
export const CALLER = process.env.INIT_CWD ?? process.cwd();

/**
 * Installs and builds where that is needed. Ends the process with status 1 where it cannot be done.
 * @param {{ build?: boolean }} [options] `build: false` only installs
 */
export async function setUp({ build = true } = {}) {
  try {
    if (isInstalled(ROOT) && (!build || isBuilt(ROOT))) return;
    accessSync(ROOT, constants.W_OK);
    await withLock(
      join(ROOT, ".setup.lock"),
      (adopt) => installAndBuild(adopt, build),
      (pid) => say(`waiting for process ${pid}, which installs and builds here`),
    );
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}

/**
 * @param {(pid: number) => void} adopt
 * @param {boolean} build
 */
async function installAndBuild(adopt, build) {
  if (!isInstalled(ROOT)) {
    say("installing what the build needs into node_modules (once)");
    // Without development dependencies, which NODE_ENV=production would leave out, nothing can be built.
    const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
    const code = await runNpm(
      ["ci", "--include=dev", "--include=optional", "--ignore-scripts", ...quiet],
      adopt,
    );
    if (code !== 0) throw new Error(`npm ci failed (${code}): is the npm registry within reach?`);
    if (!isInstalled(ROOT)) throw new Error("npm ci left node_modules incomplete: try again");
  }
  if (build && !isBuilt(ROOT)) {
    say("building");
    const code = await run(process.execPath, [join(ROOT, "scripts/build.mjs")], adopt);
    if (code !== 0) throw new Error(`the build failed (${code})`);
  }
}

// npm tells its scripts where it is itself; another package manager says so of itself in the same place.
/**
 * @param {string[]} args
 * @param {(pid: number) => void} adopt
 */
function runNpm(args, adopt) {
  const npm = process.env.npm_execpath;
  if (npm && /npm-cli\.[cm]?js$/.test(npm)) return run(process.execPath, [npm, ...args], adopt);
  return run("npm", args, adopt);
}

/**
 * The child's exit status, or the signal that ended it.
 * @param {string} command
 * @param {string[]} args
 * @param {(pid: number) => void} adopt
 * @returns {Promise<number | string | null>}
 */
function run(command, args, adopt) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", 2, 2] });
    if (child.pid !== undefined) adopt(child.pid);
    // A signal to this process alone must not leave npm at work behind a lock that is gone.
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => child.kill(signal);
    /** @type {NodeJS.Signals[]} */
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, pass);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const name of signals) process.off(name, pass);
      if (signal) process.kill(process.pid, signal);
      resolve(code ?? signal);
    });
  });
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`coregram: ${message}\n`);
}
