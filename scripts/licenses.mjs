import { readdirSync, readFileSync } from "node:fs";

/** What a licence is called in a package: LICENSE, license.md, COPYING.txt. */
const LICENSE_FILE = /^(licen[sc]e|copying)(\.\w+)?$/i;

/**
 * The licences of all packages in a bundle, as each of them asks for in copies of it.
 * `inputs` are the files that went in, by esbuild's metafile.
 * @param {string[]} inputs
 */
export function collectLicenses(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((entry) => LICENSE_FILE.test(entry));
    const text = file
      ? readFileSync(`${folder}/${file}`, "utf8").trim()
      : "(the package holds no licence's text)";
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `coregram's program holds parts of these packages.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}
