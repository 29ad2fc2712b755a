import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redactor } from "../../answers/redact.ts";
import { CoregramError } from "../../terms/index.ts";
import { describeFailure } from "./output-error.ts";
import { redactSayings } from "./say.ts";

/** The options of all that prints what was in a process. */
export interface RedactArgs {
  readonly redact?: boolean | undefined;
  readonly redactKey?: string | undefined;
}

const ASKS = /^--redact(?:-key)?(?:=|$)/;
/** A shorter key could be found by trying. */
const LEAST_KEY_BYTES = 16;
const MOST_KEY_BYTES = 4096;

/**
 * From the first word on: where a command line asks for it, nothing is said on stderr that is not redacted, not of what is
 * wrong with that line either.
 */
export async function redactFromStart(argv: readonly string[]): Promise<void> {
  if (argv.some((word) => ASKS.test(word))) await openRedactor(randomBytes(LEAST_KEY_BYTES));
}

/**
 * What takes names and values out of an answer, and of all that is said on stderr from now on; null where that is not asked for.
 * @throws CoregramError `io` where the file of the key cannot be read, `usage` where it is no key
 */
export async function redactorOf({ redact, redactKey }: RedactArgs): Promise<Redactor | null> {
  if (redactKey !== undefined) return openRedactor(readKey(redactKey));
  return redact ? openRedactor(randomBytes(2 * LEAST_KEY_BYTES)) : null;
}

/** @throws CoregramError `usage` where an answer is asked to be redacted that cannot be */
export function refuseRedacted({ redact, redactKey }: RedactArgs, why: string): void {
  if (redact || redactKey !== undefined) throw new CoregramError("usage", why);
}

async function openRedactor(key: Uint8Array): Promise<Redactor> {
  const { Redactor } = await import("../../answers/redact.ts");
  const redactor = new Redactor(key);
  redactSayings((text) => redactor.prose(text));
  return redactor;
}

function readKey(path: string): Uint8Array {
  let key: Uint8Array;
  try {
    key = readFileSync(path);
  } catch (error) {
    throw new CoregramError("io", `--redact-key ${path}: ${describeFailure(error)}`, { cause: error });
  }
  if (key.length >= LEAST_KEY_BYTES && key.length <= MOST_KEY_BYTES) return key;
  throw new CoregramError(
    "usage",
    `--redact-key ${path} has ${key.length} bytes, and a key ${LEAST_KEY_BYTES} to ${MOST_KEY_BYTES}: head -c 32 /dev/urandom > FILE makes one`,
  );
}
