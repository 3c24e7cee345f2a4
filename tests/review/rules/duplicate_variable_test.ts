import assert from "node:assert/strict";
import { duplicateVariable } from "../../../lib/review/rules/duplicate_variable.ts";
import { complaints, workload } from "../sample_objects.ts";

Deno.test("a variable stands once", () => {
  const env = (...names: string[]) =>
    complaints(duplicateVariable, [
      workload("web", { container: { env: names.map((name) => ({ name })) } }),
    ]);
  assert.deepEqual(env("A", "B", "A"), ["Deployment shop/web: container web has A more than once"]);
  assert.deepEqual(env("A", "B"), []);
});
