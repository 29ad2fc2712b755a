/** What an interpreter after the first one is called, in front of its modules' names: `<interpreter 2>.app.rows`. */
export const interpreterName = (number: number): string => `<interpreter ${number}>`;

/** A path as its own interpreter has it. */
export const withoutInterpreter = (path: string): string => path.replace(/^<interpreter \d+>\./, "");
