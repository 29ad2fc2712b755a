import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** A static import or re-export of another output, as esbuild writes it, minified. */
const STATIC = /(import|export)(?:\{([^}]*)\}from)?"\.\/([\w-]+\.js)";/g;

/**
 * Merges the outputs that nearly every run loads into one, `common.js`: those that the `entries` import statically,
 * and what these do. To resolve, read and compile a dozen small modules takes longer than what is in them.
 * @param {string} folder esbuild's outputs, split, minified
 * @param {RegExp} entries names of the outputs to begin with
 * @typedef {Required<Pick<import("esbuild").BuildOptions, "minify" | "platform" | "target" | "format">>} Options
 * @param {Options & { banner: { js: string } }} options those that made the outputs
 */
export async function mergeCommon(folder, entries, { minify, platform, target, format, banner }) {
  const texts = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
  /** @param {string} name */
  const textOf = (name) => {
    const text = texts.get(name);
    if (text === undefined) throw new Error(`${name} is none of the outputs`);
    return text;
  };
  const common = new Set([...texts.keys()].filter((name) => entries.test(name)));
  // A set that grows is walked to its end.
  for (const name of common) {
    for (const [, , , other = ""] of textOf(name).matchAll(STATIC)) common.add(other);
    writeFileSync(join(folder, name), textOf(name).replace(banner.js, ""));
  }
  const names = [...common];
  /** @param {string} name */
  const prefix = (name) => `m${names.indexOf(name)}_`;
  const { outputFiles } = await build({
    stdin: {
      contents: names
        .map((name) => {
          const exported = exportsOf(textOf(name)).map((local) => `${local} as ${prefix(name)}${local}`);
          return `export{${exported.join(",")}}from"./${name}";`;
        })
        .join(""),
      resolveDir: folder,
    },
    bundle: true,
    ...{ minify, platform, target, format, banner },
    external: [...texts.keys()].filter((name) => !common.has(name)).map((name) => `./${name}`),
    write: false,
    // An import for nothing but order, of what has no side effects, is left out: as it should be.
    logLevel: "error",
  });
  for (const name of names) rmSync(join(folder, name));
  writeFileSync(join(folder, "common.js"), Buffer.concat(outputFiles.map(({ contents }) => contents)));
  for (const [name, text] of texts) {
    if (common.has(name)) continue;
    const joined = text
      .replaceAll(STATIC, (whole, word, list, other) => {
        if (!common.has(other)) return whole;
        if (list === undefined) return 'import"./common.js";';
        const items = list
          .split(",")
          .map(
            (/** @type {string} */ item) =>
              `${prefix(other)}${item.includes(" as ") ? item : `${item} as ${item}`}`,
          );
        return `${word}{${items.join(",")}}from"./common.js";`;
      })
      .replaceAll(/import\("\.\/([\w-]+\.js)"\)/g, (whole, other) => {
        if (!common.has(other)) return whole;
        const items = exportsOf(textOf(other)).map((local) => `${local}:m.${prefix(other)}${local}`);
        return `import("./common.js").then(m=>({${items.join(",")}}))`;
      });
    for (const gone of names)
      if (joined.includes(`"./${gone}"`))
        throw new Error(`${name} still imports ${gone}, which is in common.js`);
    writeFileSync(join(folder, name), joined);
  }
}

/**
 * The names that an output exports.
 * @param {string} text
 */
function exportsOf(text) {
  const [, list = ""] = /export\{([^}]*)\};?\s*$/.exec(text) ?? [];
  return list === "" ? [] : list.split(",").map((item) => item.split(" as ").at(-1));
}
