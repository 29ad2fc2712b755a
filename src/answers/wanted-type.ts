import type { ObjectType } from "../runtimes/index.ts";
import {
  CoregramError,
  didYouMean,
  formatAddress,
  formatCount,
  printable,
  similarNames,
} from "../terms/index.ts";

/** Types that are listed where several have the name. */
const MOST_LISTED = 10;
/** Names that are offered where none has it. */
const MOST_OFFERED = 3;

/**
 * The index of the type that someone means: by its address `0x…`, its full name, that without `builtins.`, or the last parts
 * of its name (`Product` of `shop.app.Product`), the first of these that any type has.
 * @throws CoregramError `absent` where no type has it, or several have: these are listed
 */
export function findWantedType(types: readonly ObjectType[], wanted: string): number {
  const ways: readonly ((type: ObjectType) => boolean)[] = [
    ({ address }) => hex(address) === wanted,
    ({ name }) => name === wanted,
    ({ name }) => name === `builtins.${wanted}`,
    ({ name }) => wanted !== "" && name.endsWith(`.${wanted}`),
  ];
  for (const isMeant of ways) {
    const found = types.filter(isMeant);
    const [type] = found;
    if (type === undefined) continue;
    if (found.length > 1) throw severalTypes(wanted, found);
    return types.indexOf(type);
  }
  const offered = similarNames(
    wanted,
    types.map(({ name }) => (wanted.includes(".") ? name : lastPart(name))),
    MOST_OFFERED,
  );
  const meant = didYouMean(offered);
  throw new CoregramError(
    "absent",
    `--type ${printable(wanted) || '""'} is no type of this process${meant}: coregram types lists them`,
  );
}

function severalTypes(wanted: string, types: readonly ObjectType[]): CoregramError {
  const isAddressed = new Set(types.map(({ name }) => name)).size < types.length;
  const named = types
    .slice(0, MOST_LISTED)
    .map(({ name, address }) => printable(name) + (isAddressed ? ` ${hex(address)}` : ""));
  if (types.length > MOST_LISTED) named.push(`${formatCount(types.length - MOST_LISTED)} more`);
  const give = isAddressed ? "address" : "full name";
  return new CoregramError(
    "absent",
    `--type ${printable(wanted)} is the name of ${formatCount(types.length)} types, give one's ${give}: ${named.join(", ")}`,
  );
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function hex(at: number): string {
  return formatAddress(BigInt(at));
}
