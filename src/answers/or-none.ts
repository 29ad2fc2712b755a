import { CoregramError } from "../terms/index.ts";

/** What the target does not have is null. @throws what `ask` throws, but `format` */
export async function orNone<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CoregramError && error.code === "format") return null;
    throw error;
  }
}
