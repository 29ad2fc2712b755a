/** An object that has a descriptor of the system's, or had: below 0 it is closed. */
export interface Described {
  readonly at: number;
  readonly descriptor: number;
}

/** Open ones first, by descriptor, then by address; and how many these are. */
export function inOrder(objects: readonly Described[]): {
  readonly all: readonly Described[];
  readonly open: number;
} {
  const isClosed = ({ descriptor }: Described) => Number(descriptor < 0);
  const all = [...objects].sort(
    (a, b) => isClosed(a) - isClosed(b) || a.descriptor - b.descriptor || a.at - b.at,
  );
  return { all, open: all.filter(({ descriptor }) => descriptor >= 0).length };
}
