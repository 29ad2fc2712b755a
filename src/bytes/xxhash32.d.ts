// The one algorithm alone: the package's main file carries them all, 200 KB, past every tree shaker.
declare module "hash-wasm/dist/xxhash32.umd.min.js" {
  import type { createXXHash32 } from "hash-wasm";

  const xxhash: { readonly createXXHash32: typeof createXXHash32 };
  export default xxhash;
}
