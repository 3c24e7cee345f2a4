import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import type { Alphabet } from "../../vault/configure/desired.ts";
import { alphabetSize, randomText } from "../../vault/configure/generate.ts";

/** Where a new value comes from: `prompt`, `valueFile`, or random characters. */
export interface NewValueRequest {
  /** Number of random characters. @default 32 */
  length?: number;
  /** Which random characters. @default alphanumeric */
  alphabet?: Alphabet;
  /** Ask a person, twice. */
  prompt?: boolean;
  /** Path of a file; its text without a final line break. */
  valueFile?: string;
}

/** Least that random characters must give, in bits: NIST SP 800-63B wants 112 of secrets that machines check. */
const leastBits = 112;

/**
 * The new value, which the redactor then knows.
 *
 * @throws {UsageError} when it is empty, too easy to guess, not typed the same twice, or cannot be read
 */
export async function newValue(request: NewValueRequest, context: Context): Promise<string> {
  const { prompt, valueFile, length = 32, alphabet = "alphanumeric" } = request;
  const value = valueFile !== undefined
    ? await readValue(valueFile, context)
    : prompt
    ? await askTwice(context)
    : generated(length, alphabet);
  if (value.trim() === "" || value.includes("\0")) {
    throw new UsageError("Cannot use an empty value, or one with a zero byte in it");
  }
  context.redactor.add(value);
  return value;
}

function generated(length: number, alphabet: Alphabet): string {
  const bits = Math.floor(length * Math.log2(alphabetSize(alphabet)));
  if (bits < leastBits) {
    throw new UsageError(
      `Cannot make a value of ${length} characters (${alphabet}): that is ${bits} bits, wanted ${leastBits}`,
      { remedy: `ask for at least ${Math.ceil(leastBits / Math.log2(alphabetSize(alphabet)))}` },
    );
  }
  return randomText({ length, alphabet });
}

async function askTwice({ askSecret }: Context): Promise<string> {
  const remedy = "give it in a file with --value-file, or let it be made";
  const first = await askSecret("New value", remedy);
  if (first === await askSecret("The same again", remedy)) return first;
  throw new UsageError("Cannot use the new value: it was not typed the same twice");
}

async function readValue(file: string, { cwd }: Context): Promise<string> {
  try {
    return (await Deno.readTextFile(resolve(cwd, file))).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new UsageError(`Cannot read the new value from ${file}: ${messageOf(cause)}`, { cause });
  }
}
