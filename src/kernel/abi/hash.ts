// 2^64 divided by the golden ratio, made odd: Knuth's multiplicative hash (TAOCP 6.4), in halves, as a number of
// TypeScript has 53 bits.

export const GOLDEN_HIGH = 0x9e3779b9;
export const GOLDEN_LOW = 0x7f4a7c15;
