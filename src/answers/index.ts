// One function a question: what is asked about and options become a typed result; notes and progress leave as events.
// in: a target and options
// out: results in the shapes of results/, the public contract
export { type PlainOptions, plainHistogram } from "./plain-histogram.ts";
export * from "./results/index.ts";
