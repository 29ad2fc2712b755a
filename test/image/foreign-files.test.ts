import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTarget } from "../../src/image/index.ts";
import { address } from "../../src/terms/index.ts";
import { failureOf, makeScratch, memoryLike } from "../bytes/scratch.ts";

const scratch = makeScratch();
const MEMORY = memoryLike(100_000);

/** What each tool makes of memory, where it is installed. */
const TOOLS: readonly [name: string, make: string, file: string, instead: string][] = [
  ["bzip2", "bzip2 -k memory", "memory.bz2", "bunzip2 -k FILE"],
  ["bzip2", "bzip2 -c < /dev/null > empty.bz2", "empty.bz2", "bunzip2 -k FILE"],
  ["lzma", "xz -k --format=lzma memory", "memory.lzma", "xz -dk FILE"],
  ["lzma", "xz -9c --format=lzma memory > best.lzma", "best.lzma", "xz -dk FILE"],
  ["lzip", "lzip -k memory", "memory.lz", "lzip -dk FILE"],
  ["7z", "7z a memory.7z memory", "memory.7z", "7z x FILE"],
  ["zip", "zip memory.zip memory", "memory.zip", "unzip FILE"],
  ["lzop", "lzop memory", "memory.lzo", "lzop -d FILE"],
  ["legacy lz4", "lz4 -l memory memory.legacy", "memory.legacy", "lz4 -d FILE"],
];

/** Heads of what no package makes of a small file. */
const HEADS: readonly [name: string, head: string, instead: RegExp][] = [
  ["minidump", "MDMP\x93\xa7\x55\x0a\x0d\0\0\0\x20\0\0\0", /minidump-2-core FILE/],
  ["Windows memory dump", "PAGEDU64\x0f\0\0\0", /WinDbg/],
  ["Mach-O core", "\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x04\0\0\0", /lldb -c FILE/],
  ["kdump", "KDUMP   \x06\0\0\0", /crash VMLINUX FILE, and gcore PID in it/],
  ["flattened makedumpfile", "makedumpfile\0\0\0\0\0\0\0\0\0\0\0\x01", /makedumpfile -R DUMP < FILE/],
  ["LiME", "EMiL\x01\0\0\0\0\x10\0\0", /crash VMLINUX FILE/],
  ["CRIU image", "\x19\x43\x56\x54\x47\x38\x05\x55", /criu-coredump -i FOLDER/],
];

async function refusal(path: string): Promise<string> {
  const failure = await failureOf(() => openTarget(path));
  expect(failure.code).toBe("format");
  return failure.message.replaceAll(path, "FILE");
}

describe.each(TOOLS)("a %s file", (name, make, file, instead) => {
  const path = join(scratch.folder, file);
  scratch.put("memory", MEMORY);
  try {
    execFileSync("sh", ["-c", make], { cwd: scratch.folder, stdio: "ignore" });
  } catch {
    // skipped below
  }

  it.skipIf(!existsSync(path))(`as "${make}" makes it is refused, with what makes memory of it`, async () => {
    expect(await refusal(path)).toBe(
      `FILE is a ${name} file, not memory: ${instead}; coregram --base 0 counts its bytes as they are`,
    );
  });
});

describe.each(HEADS)("a %s file", (name, head, instead) => {
  const bytes = Buffer.concat([Buffer.from(head, "latin1"), MEMORY]);

  it("is refused", async () => {
    const path = scratch.put("foreign", bytes);
    const message = await refusal(path);
    expect(message).toMatch(new RegExp(`^FILE is a ${name} file, not memory: `));
    expect(message).toMatch(instead);
  });

  it("has a base where it is meant to be counted", async () => {
    const path = scratch.put("based", bytes);
    const target = await openTarget(path, { base: address(0n) });
    expect(target).toMatchObject({ kind: "raw", bytes: bytes.length });
    target.close();
  });
});

it("what only begins like one is memory", async () => {
  const heads = [
    ...[
      "BZh91AY&S",
      "MDMP\x93\xa6",
      "\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x02\0\0\0",
      "EMiL\x02\0\0\0",
      "KDUMP\0\0\0",
    ],
    // A dictionary of no power of two, a size beyond all, and a stream that does not begin with 0.
    ...[
      "\x5d\0\x10\x10\0",
      "\x5d\0\0\x80\0\0\0\0\0\0\x01\0\0\0",
      "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    ],
    ...["\x5d\0\0\0\0\0\0\0\x5d\0\0\0\0\0\0\0", ""],
  ];
  for (const head of heads) {
    const path = scratch.put("heap", Buffer.concat([Buffer.from(head, "latin1"), Buffer.alloc(64)]));
    const target = await openTarget(path);
    expect(target.kind).toBe("raw");
    target.close();
  }
});
