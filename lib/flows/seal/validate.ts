import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { openController } from "./controller.ts";
import type { SealSecretRequest, Streams } from "./request.ts";
import { readSealed } from "./sealed_inputs.ts";

/**
 * Ask the controller of each SealedSecret whether it can open it.
 *
 * @throws {SlipwayError} that names all that it cannot open
 */
export async function validate(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  const given = await readSealed(request, streams, context);
  using controller = await openController(request, context);
  const failed: string[] = [];
  for (const { sealed, place } of given) {
    const { status, text } = await controller.ask("POST", "/v1/verify", JSON.stringify(sealed));
    if (status === 200) continue;
    const because = status === 409 ? "" : ` (it answers ${status} ${text.trim()})`.trimEnd();
    failed.push(`${sealed.metadata.name} of ${place}${because}`);
  }
  if (failed.length > 0) {
    throw new SlipwayError(
      `The controller ${controller.source} cannot open ${failed.length} of ${given.length}: ${
        failed.join(", ")
      }`,
      {
        remedy:
          "they were sealed for another cluster, or for another name, namespace or scope: seal them again with the certificate of this one",
      },
    );
  }
  context.emit({ type: "summary", valid: given.length });
}
