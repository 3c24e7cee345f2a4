import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { Manifest } from "../../lib/core/object.ts";

/**
 * Compare manifests with the YAML in tests/manifests/golden/, which stands for what a component renders.
 * `SLIPWAY_GOLDEN=write` writes it anew; read the difference before you keep it.
 */
export async function assertGolden(name: string, manifests: readonly Manifest[]): Promise<void> {
  const file = new URL(`golden/${name}.yaml`, import.meta.url);
  const text = manifests.map((manifest) => stringify(manifest)).join("---\n");
  if (Deno.env.get("SLIPWAY_GOLDEN") === "write") await Deno.writeTextFile(file, text);
  assert.equal(text, await Deno.readTextFile(file));
}
