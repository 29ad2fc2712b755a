import { type Core, callOf, readThreads } from "../image/index.ts";

/** What a thread waits in for what another process sends: a client that says nothing is as good as one that is gone. */
const INPUT: ReadonlySet<string | null> = new Set(
  "read readv recvfrom recvmsg recvmmsg accept accept4 poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2".split(
    " ",
  ),
);
/** Numbers of the threads that wait for input, as far as the core tells their system calls. */
export function waitersIn(core: Core): ReadonlySet<number> {
  const waiting = readThreads(core).filter((thread) =>
    INPUT.has(callOf(core, core.image, thread)?.name ?? ""),
  );
  return new Set(waiting.map(({ pid }) => pid));
}
