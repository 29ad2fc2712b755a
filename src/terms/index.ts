// The few things that every room speaks of: addresses, words, ranges, units, the error, printable text.
// in: nothing
// out: types and small pure functions; no room below this one

export { type Address, address, formatAddress, parseAddress, USER_SPACE_END } from "./address.ts";
export { SHOWN_DIGITS, shortenIds } from "./build-id.ts";
export { CoregramError, type ErrorCode, inFile } from "./error.ts";
export type { AnswerEvent, Listener, NoteEvent, ProgressEvent, WarningEvent } from "./events.ts";
export { byKey } from "./keyed.ts";
export { formatNames } from "./names.ts";
export { isPlain, printable } from "./printable.ts";
export type { Extent, Range } from "./range.ts";
export { Role } from "./role.ts";
export { partitionPoint } from "./search.ts";
export { shellWord } from "./shell-word.ts";
export { didYouMean, similarNames } from "./similar.ts";
export { formatBytes, formatCount, formatUniqCount, parseDuration, parseSize } from "./units.ts";
export { VERSION } from "./version.ts";
export { formatWord, type WordShape, wordFromBytes } from "./word.ts";
