import type { KubeObject } from "../../core/object.ts";
import { conditionOf, textAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A cert-manager Certificate is ready when its Ready condition speaks of the present generation and is true. After a
 * failed issuance cert-manager tries again in an hour or more. Source: cert-manager, pkg/apis/certmanager/v1.
 */
export function certificateReady(certificate: KubeObject): Verdict {
  const condition = conditionOf(certificate, "Ready");
  const generation = certificate.metadata?.generation ?? 0;
  const issuing = conditionOf(certificate, "Issuing");
  if (condition?.status === "True" && (condition.observedGeneration ?? generation) >= generation) {
    const until = textAt(certificate, "status", "notAfter");
    return ready(until === undefined ? "issued" : `issued, valid until ${until}`);
  }
  if (issuing?.status === "False" && issuing.reason === "Failed") {
    return failing(`could not be issued: ${wordsOf(issuing)}`);
  }
  if (issuing?.status === "True") {
    return waiting(`is being issued: ${wordsOf(issuing)}`);
  }
  return waiting(condition === undefined ? "not seen by cert-manager yet" : wordsOf(condition));
}
