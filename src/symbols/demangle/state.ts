import { Cursor } from "./cursor.ts";
import type { ForwardReference } from "./nodes.ts";
import { type Node, NotMangled } from "./printer.ts";

/** What is known while a C++ name is read. */
export class State {
  readonly cursor: Cursor;
  /**
   * What `S_`, `S0_`, … stand for, in the order they were met. A template parameter is met once and stands for the
   * argument of whichever template is being named where it is used.
   */
  readonly substitutions: { readonly node: Node; readonly parameter: number | null }[] = [];
  /** What `T_`, `T0_`, … stand for: the arguments of the innermost template that is being named. */
  templateArguments: readonly Node[] = [];
  /** Parameters in the type of a conversion operator, which comes before the arguments; null elsewhere. */
  forward: { readonly index: number; readonly node: ForwardReference }[] | null = null;
  /** How many lambdas' parameter lists this is in: there `T_` is `auto`. */
  lambdaDepth = 0;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  remember(node: Node, parameter: number | null = null): Node {
    if (this.substitutions.length > MOST_SUBSTITUTIONS) throw new NotMangled("too many substitutions");
    this.substitutions.push({ node, parameter });
    return node;
  }
}

const MOST_SUBSTITUTIONS = 1 << 14;
