import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { refuseExampleHolders } from "../../../lib/flows/vault/example_keys.ts";
import { exampleRecipients } from "../../../lib/platform/example_holders.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleVault } from "../../platform/sample_vault.ts";

const own = { initialize: { holders: { ann: "age1own" } } };
const example = { initialize: { holders: { ann: "age1own", bob: exampleRecipients[1]! } } };

Deno.test("refuseExampleHolders() gives no share to an identity that everybody has, and names whose it is", () => {
  const platform = samplePlatform({
    vaults: { vault: sampleVault(example), other: sampleVault(own) },
  });
  assert.throws(
    () => refuseExampleHolders(platform, "vault"),
    (error) => error instanceof UsageError && /: bob would get shares/.test(error.message),
  );
  refuseExampleHolders(platform, "other");
});
