import type { RuntimeResources } from "../runtimes/index.ts";
import { formatAddress } from "../terms/index.ts";
import type { InfoRow } from "./results/index.ts";

/** Of Linux, which most machines share (socket(2), bits/socket.h). */
const FAMILIES: ReadonlyMap<number, string> = new Map([
  [1, "AF_UNIX"],
  [2, "AF_INET"],
  [10, "AF_INET6"],
  [16, "AF_NETLINK"],
  [17, "AF_PACKET"],
  [29, "AF_CAN"],
  [31, "AF_BLUETOOTH"],
  [38, "AF_ALG"],
  [40, "AF_VSOCK"],
]);
const KINDS: ReadonlyMap<number, string> = new Map([
  [1, "SOCK_STREAM"],
  [2, "SOCK_DGRAM"],
  [3, "SOCK_RAW"],
  [4, "SOCK_RDM"],
  [5, "SOCK_SEQPACKET"],
]);
const NANOS = 1e6;

/** What objects say of files, sockets, loops and garbage, as the result has it. */
export function describeResources({
  files,
  sockets,
  loops,
  uncollectable,
}: RuntimeResources): InfoRow["objects"] {
  const addressOf = ({ address }: { readonly address: number }) => formatAddress(BigInt(address));
  return {
    files: {
      ...countsOf(files),
      list: files.items.map((file) => ({
        fd: file.descriptor,
        path: file.path,
        mode: file.mode,
        type: file.type,
        address: addressOf(file),
      })),
    },
    sockets: {
      ...countsOf(sockets),
      list: sockets.items.map((socket) => ({
        fd: socket.descriptor,
        family: FAMILIES.get(socket.family) ?? String(socket.family),
        kind: KINDS.get(socket.kind) ?? String(socket.kind),
        timeoutMillis: socket.timeoutNanos === null ? null : Math.ceil(socket.timeoutNanos / NANOS),
        type: socket.type,
        address: addressOf(socket),
      })),
    },
    loops: {
      ...countsOf(loops),
      list: loops.items.map(({ state, ready, scheduled, thread, type, ...loop }) => ({
        ...{ state, ready, scheduled, thread, type },
        address: addressOf(loop),
      })),
    },
    uncollectable: uncollectable && { count: uncollectable.count, types: uncollectable.types },
  };
}

function countsOf({ open, closed, isCut }: Pick<RuntimeResources["files"], "open" | "closed" | "isCut">) {
  return { open, closed, isCut };
}
