// Loaded by itself, and only for a core: of all that knows CPython, no more than it takes to name a type.
export { typeNamesAt } from "../runtimes/index.ts";
