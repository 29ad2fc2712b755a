/** The steps that `orderByCount` left, and one for the words that occur once. */
export function readSteps(
  memory: WebAssembly.Memory,
  at: number,
  count: number,
  singles: number,
): Float64Array {
  const steps = new Float64Array(2 * count + (singles > 0 ? 2 : 0));
  const found = new BigUint64Array(memory.buffer, at, 2 * count);
  found.forEach((value, i) => {
    steps[i] = Number(value);
  });
  if (singles > 0) steps.set([1, singles], 2 * count);
  return steps;
}
