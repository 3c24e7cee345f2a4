import { type KubeObject, refOf } from "../../core/object.ts";
import type { Cause } from "./cause.ts";
import { warningsAbout } from "./events.ts";
import { listAt, textAt } from "../ready/fields.ts";

// Provisioners that give volumes of one node's disk. Sources: rancher/local-path-provisioner, provisioner.go;
// openebs/dynamic-localpv-provisioner; k8s.io/api, storage/v1 (no-provisioner is for local volumes made by hand).
const singleNodeProvisioners = new Set([
  "rancher.io/local-path",
  "openebs.io/local",
  "topolvm.io",
]);

/**
 * Why a claim is not bound; undefined when it is.
 *
 * @param storageClass the class that the claim names, or `null` when the cluster is known not to have it
 */
export function claimCause(
  claim: KubeObject,
  events: readonly KubeObject[] = [],
  storageClass?: KubeObject | null,
): Cause | undefined {
  const phase = textAt(claim, "status", "phase") ?? "Pending";
  if (phase === "Bound") return undefined;
  const subject = refOf(claim);
  const className = textAt(claim, "spec", "storageClassName");
  const cause = (because: string, permanent: boolean, remedy?: string): Cause => ({
    subject,
    kind: "storage",
    because: `claim ${subject.name} is ${phase}: ${because}`,
    permanent,
    ...(remedy === undefined ? {} : { remedy }),
  });
  if (phase === "Lost") {
    return cause(
      "the volume that it was bound to is gone",
      true,
      "restore the data into a new claim",
    );
  }
  if (className !== undefined && storageClass === null) {
    return cause(
      `class ${className} does not exist`,
      true,
      `create the StorageClass ${className}, or name one that the cluster has`,
    );
  }
  const provisioner = textAt(storageClass, "provisioner") ?? "";
  const shared = listAt(claim, "spec", "accessModes")
    .filter((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany");
  if (shared.length > 0 && singleNodeProvisioners.has(provisioner)) {
    return cause(
      `class ${className} cannot give ${shared.join(" or ")}`,
      true,
      "name a class whose volumes several nodes can share, or ask for ReadWriteOnce and one replica",
    );
  }
  const warning = warningsAbout(claim, events)[0];
  if (warning !== undefined) {
    return {
      ...cause(
        warning.message || warning.reason,
        warning.reason === "ProvisioningFailed" && isRefusal(warning.message),
        "ask for what the class can give, or name another class",
      ),
      ...(warning.at === undefined ? {} : { at: warning.at }),
    };
  }
  return {
    ...cause(
      className === undefined ? "no volume fits it" : `class ${className} has given no volume yet`,
      false,
    ),
    kind: "starting",
  };
}

// A provisioner's other failures, such as time-outs of a cloud, are tried again with good hope.
function isRefusal(message: string): boolean {
  return /not found|cannot give|only supports?|unsupported|not supported|invalid|exceeds|larger than|too large/i
    .test(message);
}
