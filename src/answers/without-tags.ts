import { AddressTags, type Core } from "../image/index.ts";
import { type Address, formatAddress } from "../terms/index.ts";

/** An address that a user asks for, without the tag that stands above it, which `note` is told; as it is where it has none. */
export function withoutTag(asked: Address, core: Core | null, note: (text: string) => void): Address {
  const tagged = core && new AddressTags(core, true).strip(asked);
  if (!tagged) return asked;
  note(`${formatAddress(asked)} is ${formatAddress(tagged.address)} with the ${tagged.tag}: that is told`);
  return tagged.address;
}
