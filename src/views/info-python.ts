import type { InfoRecord, InfoRow } from "../answers/results/index.ts";
import { formatCount, printable } from "../terms/index.ts";

type Python = NonNullable<InfoRow["python"]>;

/** Columns of a screen that are left for what a line says. */
const ROOM = 90;
/** Versions of modules that are named. */
const MOST_VERSIONS = 8;
/** What these are where nobody sets them (Lib/test/test_capi/test_config.py). */
const USUAL: ReadonlyMap<string, readonly number[]> = new Map([
  ["hash_randomization", [1]],
  ["int_max_str_digits", [4300, -1]],
  ["gil", [1]],
]);
const ORIGINS = [
  ["built-in", "built in"],
  ["standard", "of the standard library"],
  ["installed", "installed"],
  ["own", "of the program"],
] as const;

/** What `coregram info` says of a process as its Python has it, a few lines. */
export function* pythonLines({ python }: InfoRow): Generator<Pick<InfoRecord, "part" | "text">> {
  if (python === null) return;
  const { runtime, version, arguments: argv, path, collector } = python;
  const build = version === null ? "" : `, ${version.replace(/\s+/g, " ")}`;
  yield { part: "python", text: shortened(`${runtime}${build}`) };
  if (argv !== null) yield { part: "", text: shortened(`argv: ${argv.join(" ")}`) };
  if (path !== null)
    yield { part: "", text: shortened(`path: ${path.map((entry) => entry || "''").join(":")}`) };
  const flags = python.flags.filter(({ name, value }) => !(USUAL.get(name) ?? [0]).includes(value));
  if (flags.length > 0)
    yield {
      part: "",
      text: shortened(`flags: ${flags.map(({ name, value }) => `${name} ${value}`).join(", ")}`),
    };
  if (collector !== null) yield { part: "", text: collectorText(collector) };
  yield { part: "", text: modulesText(python) };
  for (const { name, value } of python.environment ?? [])
    yield { part: "", text: `environment: ${printable(name)}=${printable(value)}` };
  const versions = python.modules.filter(
    ({ origin, version: own, name }) => origin === "installed" && own !== null && !name.includes("."),
  );
  if (versions.length > 0) yield { part: "", text: versionsText(versions) };
}

function collectorText({ isEnabled, isRunning, generations }: NonNullable<Python["collector"]>): string {
  const state = `${isEnabled ? "on" : "off"}${isRunning ? ", collecting" : ""}`;
  const numbers = (key: "threshold" | "count") => generations.map((each) => each[key]).join(" ");
  const full = generations.at(-1)?.collections ?? null;
  const times = full === null ? "" : `, ${formatCount(full)} full collections`;
  return `collector: ${state}, thresholds ${numbers("threshold")}, counts ${numbers("count")}${times}`;
}

function modulesText({ modules, isCut }: Python): string {
  const parts = ORIGINS.flatMap(([wanted, name]) => {
    const count = modules.filter(({ origin }) => origin === wanted).length;
    return count === 0 ? [] : [`${formatCount(count)} ${name}`];
  });
  return `modules: ${formatCount(modules.length)}${isCut ? " and more" : ""}: ${parts.join(", ")}`;
}

function versionsText(modules: Python["modules"]): string {
  const shown = modules.slice(0, MOST_VERSIONS).map(({ name, version }) => `${name} ${version}`);
  const more = modules.length - shown.length;
  return shortened(`versions: ${shown.join(", ")}${more > 0 ? `, and ${formatCount(more)} more` : ""}`);
}

function shortened(text: string): string {
  const shown = printable(text);
  return shown.length <= ROOM ? shown : `${shown.slice(0, ROOM - 1)}…`;
}
