// dist/library.d.ts: what the library's names are, in one file that needs no other, not even @types/node. Made when the
// package is packed: it takes ten seconds, and nothing here reads it.
import { fileURLToPath } from "node:url";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** @throws where a type cannot be told, or one of another package would be needed */
export async function writeDeclarations() {
  process.chdir(ROOT);
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
  };
  const bundle = await rollup({
    input: "src/index.ts",
    plugins: [dts({ tsconfig: "tsconfig.json", compilerOptions })],
    external: (id) => !/^[./]/.test(id),
    onwarn({ message }) {
      // Named as a whole, code and all, where types alone leave nothing to run.
      if (!message.startsWith("Generated an empty chunk")) throw new Error(message);
    },
  });
  try {
    const { output } = await bundle.write({ file: "dist/library.d.ts" });
    const [{ imports }] = output;
    if (imports.length > 0) throw new Error(`library.d.ts needs ${imports.join(", ")}`);
  } finally {
    await bundle.close();
  }
}
