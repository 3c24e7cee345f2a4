import { SlipwayError } from "../../lib/core/errors.ts";

/**
 * Path of Vault's program.
 *
 * @throws {SlipwayError} when PATH does not have it
 */
export async function vaultProgram(): Promise<string> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const info = await Deno.stat(`${folder}/vault`).catch(() => undefined);
    if (info?.isFile) return `${folder}/vault`;
  }
  throw new SlipwayError("Cannot find Vault's program: PATH does not have it");
}
