/**
 * Columns that a text takes on a terminal. Stands in for the package of the same name in the bundle: yargs and
 * ora measure nothing but our own help and progress texts, which are ASCII, and the package's Unicode tables
 * take 23 ms of every start.
 */
export default function stringWidth(text: string): number {
  return text.length;
}
