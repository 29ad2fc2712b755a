/** A record of all items of a list by their keys, in the list's order; `make` makes the values. */
export function byKey<Item extends { readonly key: string }, Value>(
  items: readonly Item[],
  make: (item: Item, index: number) => Value,
): { readonly [Key in Item["key"]]: Value } {
  const entries = items.map((item, index) => [item.key, make(item, index)] as const);
  // Object.fromEntries forgets its keys' types.
  return Object.fromEntries(entries) as { readonly [Key in Item["key"]]: Value };
}
