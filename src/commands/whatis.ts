import type { WhatisRow } from "../answers/index.ts";
import { type Core, findModule, type Module, readModules } from "../image/index.ts";
import { locateModule, type Names } from "../symbols/index.ts";
import { type Address, formatAddress } from "../terms/index.ts";
import { render } from "../views/index.ts";
import { countGiven } from "../words/index.ts";
import { withObjects } from "./explain-object.ts";
import { withHolders } from "./held-by.ts";
import { totalsOf } from "./info.ts";
import { Naming, type NamingArgs } from "./naming.ts";
import { answer } from "./shell/answer.ts";
import { checkPaths, requireAddress, requireCore } from "./shell/input.ts";
import { formatNamed, memoryOf, shapeOf, threadsOf } from "./shell/settings.ts";
import { chunksOf, inputOf, openSubject, type ScopeName, type Subject } from "./subject.ts";

export interface WhatisArgs extends NamingArgs {
  readonly core: string | undefined;
  readonly addresses: readonly string[];
  readonly scope: string;
  readonly word: number | undefined;
  readonly endian: string | undefined;
  readonly base: Address | undefined;
  readonly threads: number | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

/** Bytes that are shown of what lies at an address. */
const SHOWN_BYTES = 64;

/** `coregram whatis CORE ADDR...`: what an address is. */
export async function runWhatis(args: WhatisArgs): Promise<undefined> {
  const name = requireCore(args.core);
  checkPaths(name, args.symbols ?? [], args.output);
  const addresses = args.addresses.map(requireAddress);
  return answer(args, async ({ notes, progress, color }) => {
    const subject = await openSubject(name, args.base, progress, notes);
    const naming = await Naming.open(args, subject, notes);
    const chunks = chunksOf(subject, args.scope as ScopeName, wordShape(subject, args), notes);
    const counts = await countGiven(chunks, addresses, threadsOf(args.threads), (done, all) =>
      progress.update("counting", done * chunks.chunkBytes, all * chunks.chunkBytes),
    );
    const names = await naming.names(addresses);
    const explain = makeExplain(subject, args, names);
    const root = args.noModules || args.noNames ? null : (args.sysroot ?? "/");
    const found = withObjects(subject.core, root, (explainObject) =>
      addresses.map((at) => ({ ...explain(at, counts.get(at) ?? 0), object: explainObject(at) })),
    );
    const { source } = subject;
    const heapOptions = {
      root,
      threads: threadsOf(args.threads),
      memory: memoryOf(undefined),
      progress: (stage: string) => (done: number, all: number) => progress.update(stage, done, all),
    };
    const rows = await withHolders(subject.core, source.name, found, heapOptions, notes);
    return render(
      formatNamed(args.format),
      { schema: "coregram/whatis@1", input: inputOf(subject), totals: totalsOf(subject.image), rows },
      { color },
    );
  });
}

// An address occurs as the core's own machine writes it.
function wordShape({ core }: Subject, args: WhatisArgs) {
  return shapeOf({
    word: args.word ?? (core?.header.class === 32 ? 4 : 8),
    endian: args.endian ?? core?.header.endian ?? "little",
  });
}

function makeExplain({ core, image }: Subject, args: WhatisArgs, names: Names | null) {
  const modules = core ? readModules(core) : [];
  return (at: Address, count: number): Omit<WhatisRow, "object"> => {
    const segment = image?.segmentAt(at) ?? null;
    const fault = image ? image.faultAt(at) : { reason: "not mapped" as const };
    const mapping = image?.mappingAt(at) ?? null;
    const module = findModule(modules, at);
    const symbol = names?.find(at) ?? null;
    const bytes = new Uint8Array(SHOWN_BYTES);
    const read = image?.read(at, bytes) ?? 0;
    return {
      address: formatAddress(at),
      count,
      segment: segment && {
        start: formatAddress(segment.start),
        end: formatAddress(segment.end),
        permissions: segment.permissions,
        savedBytes: segment.extent.bytes,
      },
      memory: fault?.reason ?? "saved",
      mapping: mapping && {
        path: mapping.path,
        start: formatAddress(mapping.start),
        end: formatAddress(mapping.end),
        fileOffset: formatAddress(mapping.fileOffset),
      },
      module: module?.path ?? null,
      symbol,
      unnamed: symbol === null && core && module ? whyUnnamed(core, module, args) : null,
      bytes: read > 0 ? Buffer.from(bytes.subarray(0, read)).toString("hex") : null,
    };
  };
}

/** Null where the module's symbols were read, and none of them is there. */
function whyUnnamed(core: Core, module: Module, args: WhatisArgs): string | null {
  if (args.noModules || args.noNames) return null;
  const { path, matches, reason } = locateModule(core, module, args.sysroot ?? "/");
  return matches ? null : `${path ?? module.path} ${reason}`;
}
