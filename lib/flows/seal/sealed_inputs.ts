import type { Context } from "../../core/context.ts";
import type { Document } from "../../seal/objects.ts";
import { Malformed } from "../../seal/errors.ts";
import { type SealedSecret, sealedSecretOf } from "../../seal/sealed_secret.ts";
import { documentsOf, type Input, readInputs } from "./inputs.ts";
import type { SealSecretRequest, Streams } from "./request.ts";

/** A SealedSecret, and where it comes from. */
export interface GivenSealed extends Document {
  /** The SealedSecret. */
  sealed: SealedSecret;
  /** The input that it stands in. */
  input: Input;
}

/**
 * All SealedSecrets of the input.
 *
 * @throws {Malformed} when there is none, or something else among them
 */
export async function readSealed(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<GivenSealed[]> {
  const inputs = await readInputs(request, streams, context);
  const given: GivenSealed[] = [];
  for (const input of inputs) {
    for (const document of await documentsOf(input, "SealedSecret")) {
      given.push({ ...document, sealed: sealedSecretOf(document), input });
    }
  }
  if (given.length > 0) return given;
  const sources = inputs.slice(0, 3).map(({ source }) => source).join(", ");
  throw new Malformed(`Cannot find a SealedSecret in ${sources}`);
}
