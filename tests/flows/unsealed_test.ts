import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import { refuseUnsealed } from "../../lib/flows/unsealed.ts";
import type { SealedSecret } from "../../lib/platform/types.ts";
import { samplePlatform } from "../platform/sample_platform.ts";

const sealed = (keys: string[], values: Record<string, string> = {}): SealedSecret => ({
  namespace: "shop",
  scope: "strict",
  type: "Opaque",
  keys,
  sealed: values,
});

Deno.test("refuseUnsealed() names every value that is not sealed yet, and how to seal it", () => {
  const platform = samplePlatform({
    sealedSecrets: { app: sealed(["A", "B", "C"], { B: "AgB…" }), db: sealed(["PASSWORD"]) },
  });
  assert.throws(() => refuseUnsealed(platform), (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.equal(
      error.message,
      "demo for test has 3 values that are not sealed yet:\n  shop/app: A, C\n  shop/db: PASSWORD",
    );
    assert.match(error.remedy!, /deno task seal-secret --platform demo --env test --name app`/);
    return true;
  });
});

Deno.test("refuseUnsealed() lets a platform pass whose values are all sealed", () => {
  refuseUnsealed(samplePlatform({ sealedSecrets: { app: sealed(["A"], { A: "AgB…" }) } }));
  assert.throws(() => refuseUnsealed(samplePlatform({ sealedSecrets: { app: sealed(["A"]) } })));
});
