import { MOST_LISTED, type ResourceList, type SocketObject } from "../../resources.ts";
import type { Instances } from "../objects/instances.ts";
import { inOrder } from "./descriptors.ts";
import type { NamedObjects } from "./named-objects.ts";

export const SOCKETS: ReadonlySet<string> = new Set(["_socket.socket"]);

/** SOCK_NONBLOCK and SOCK_CLOEXEC, which 3.6 leaves in the type (socket(2)). */
const KIND_BITS = 0xf;

/** The sockets of a process, see Modules/socketmodule.h, PySocketSockObject. */
export function readSockets(
  { memory, layout, typeNameAt }: NamedObjects,
  { addresses, isCut }: Instances,
): ResourceList<SocketObject> {
  const { reader } = memory;
  const { PySocketSockObject: fields } = layout.structs;
  const { all, open } = inOrder(addresses.map((at) => ({ at, descriptor: reader.i32(at + fields.sock_fd) })));
  const items = all.slice(0, MOST_LISTED).map(({ at, descriptor }): SocketObject => {
    const timeout = reader.i64(at + fields.sock_timeout);
    return {
      address: at,
      type: typeNameAt(at) ?? "_socket.socket",
      descriptor: descriptor < 0 ? null : descriptor,
      family: reader.i32(at + fields.sock_family),
      kind: reader.i32(at + fields.sock_type) & KIND_BITS,
      // Below 0 stands for None.
      timeoutNanos: timeout < 0 || !Number.isSafeInteger(timeout) ? null : timeout,
    };
  });
  return { open, closed: all.length - open, items, isCut };
}
