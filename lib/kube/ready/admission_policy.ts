import type { KubeObject } from "../../core/object.ts";
import { listAt, oneLine, textAt } from "./fields.ts";
import { failed, ready, type Verdict } from "./verdict.ts";

/**
 * A ValidatingAdmissionPolicy is ready when its expressions were type-checked without a warning. An expression with
 * one fails when it is evaluated. Source: k8s.io/api, admissionregistration/v1 TypeChecking.
 */
export function admissionPolicyReady(policy: KubeObject): Verdict {
  const [warning] = listAt(policy, "status", "typeChecking", "expressionWarnings");
  if (warning === undefined) return ready("its expressions are checked");
  return failed(
    `${textAt(warning, "fieldRef") ?? "an expression"} is wrong: ${
      oneLine(textAt(warning, "warning") ?? "")
    }`,
  );
}
