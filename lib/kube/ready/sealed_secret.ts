import type { KubeObject } from "../../core/object.ts";
import { conditionOf, numberAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A SealedSecret is ready when its Secret was written from the present generation.
 * Source: sealed-secrets, pkg/apis/sealedsecrets/v1alpha1 SealedSecretStatus.
 */
export function sealedSecretReady(sealed: KubeObject): Verdict {
  const synced = conditionOf(sealed, "Synced");
  if (synced === undefined || numberAt(sealed, "status", "observedGeneration") === undefined) {
    return waiting("not seen by the sealed-secrets controller yet");
  }
  if (synced.status === "True") return ready("unsealed");
  return synced.status === "False"
    ? failing(`cannot be unsealed: ${wordsOf(synced)}`)
    : waiting(wordsOf(synced));
}
