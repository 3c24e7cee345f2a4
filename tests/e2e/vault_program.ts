import { programPath } from "../../lib/flows/embedded/programs.ts";
import { hostContext } from "../context.ts";

let found: Promise<string> | undefined;

/** Path of Vault's program: from the cache or PATH, or got and kept there. */
export function vaultProgram(): Promise<string> {
  return found ??= programPath("vault", hostContext());
}
