import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openTarget } from "../../src/image/index.ts";
import { address } from "../../src/terms/index.ts";

const CORE = fileURLToPath(new URL("../elf/cores/gcore-x86-64.core.gz", import.meta.url));

it("a question that fails on the core's structure says of which core", async () => {
  const target = await openTarget(CORE);
  try {
    const asked = target.ask(async ({ image }) => image?.readFields(address(0x10n), 8));
    await expect(asked).rejects.toMatchObject({
      code: "format",
      message: `${CORE}: address 0x10 is not mapped`,
    });
    await expect(target.ask(() => Promise.reject(new TypeError("of ours")))).rejects.toThrow(/^of ours$/);
  } finally {
    target.close();
  }
});
