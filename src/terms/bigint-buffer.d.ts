// The pure JavaScript build. The package's main file loads native code, which has a published overflow
// (CVE-2025-3194) and needs an install script.
declare module "bigint-buffer/dist/browser.js" {
  export { toBigIntBE, toBigIntLE } from "bigint-buffer";
}
