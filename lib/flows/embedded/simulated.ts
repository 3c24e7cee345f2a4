import { groupOf, keyOf, type Manifest, type ObjectRef, refOf } from "../../core/object.ts";
import type { OperatorName } from "../../local/services/operators.ts";
import { unsealedMark } from "../../platform/sealed.ts";

/** A system whose objects the embedded cluster admits, while its controller does not run there. */
export interface AbsentController {
  /** API groups of its kinds. */
  groups: readonly string[];
  /** Its name. */
  name: string;
  /** What therefore does not happen. */
  consequence: string;
  /** The operator that can run beside the embedded cluster, and then does all of it. */
  operator?: OperatorName;
}

/** Systems that do not run beside the embedded cluster, unless they are asked for. */
export const absentControllers: readonly AbsentController[] = [
  {
    groups: ["traefik.io"],
    name: "Traefik",
    consequence: "routes and middlewares are checked, and serve no traffic",
  },
  {
    groups: ["cert-manager.io", "acme.cert-manager.io"],
    name: "cert-manager",
    operator: "cert-manager",
    consequence: "no certificate is issued",
  },
  {
    groups: ["external-secrets.io", "generators.external-secrets.io"],
    name: "External Secrets",
    operator: "external-secrets",
    consequence: "the Secrets it would deliver are placeholders",
  },
  { groups: ["argoproj.io"], name: "Argo CD", consequence: "nothing is synced from Git" },
  {
    groups: ["bitnami.com"],
    name: "Sealed Secrets",
    operator: "sealed-secrets",
    consequence: "the Secrets it would unseal are placeholders",
  },
  {
    groups: ["helm.cattle.io"],
    name: "k3s's Helm controller",
    consequence: "no chart is installed",
  },
  {
    groups: ["gateway.networking.k8s.io", "gateway.envoyproxy.io"],
    name: "Envoy Gateway",
    consequence: "gateways and routes are checked, and serve no traffic",
  },
  {
    groups: ["monitoring.coreos.com"],
    name: "Prometheus operator",
    consequence: "nothing is scraped, and no alert is sent",
  },
  {
    groups: ["acid.zalan.do"],
    name: "Zalando's Postgres operator",
    consequence: "its clusters have no pods; the Secrets of their users are placeholders",
  },
  {
    groups: ["postgresql.cnpg.io", "barmancloud.cnpg.io"],
    name: "CloudNativePG",
    consequence: "its clusters have no pods; the Secrets of their users are placeholders",
  },
  {
    groups: ["longhorn.io"],
    name: "Longhorn",
    consequence: "its volumes are bound as they would be; nothing is replicated or snapshotted",
  },
  {
    groups: ["velero.io", "snapshot.storage.k8s.io", "groupsnapshot.storage.k8s.io"],
    name: "Velero",
    consequence: "nothing is backed up",
  },
];

/** What decides which objects nobody acts on. */
export interface SimulatedOn {
  /** Whether the cluster is the embedded one. */
  embedded: boolean;
  /** Operators that run beside it. */
  operators: readonly OperatorName[];
}

/** The system that would act on objects of an API group, where it does not run beside the embedded cluster. */
export function absentControllerOf(
  apiVersion: string,
  operators: readonly OperatorName[] = [],
): AbsentController | undefined {
  const group = groupOf(apiVersion);
  return absentControllers.find(({ groups, operator }) =>
    groups.includes(group) && !(operator !== undefined && operators.includes(operator))
  );
}

/**
 * Tells which objects are only admitted on a cluster, since nobody there acts on them: those of systems that do not run,
 * and those that a system which runs cannot bring about there, as {@linkcode outOfReach} has it.
 */
export function admittedOn(
  { embedded, operators }: SimulatedOn,
  manifests: readonly Manifest[],
): (ref: ObjectRef) => boolean {
  if (!embedded) return () => false;
  const unreachable = outOfReach(manifests);
  return (ref) =>
    absentControllerOf(ref.apiVersion, operators) !== undefined || unreachable.has(keyOf(ref));
}

/**
 * Objects that no operator can bring about on the embedded cluster, by key: issuers that ask a public authority, which
 * would want to reach it, or that log in to Vault by a service account, which cert-manager knows from its version 1.12
 * on and the one that runs here is older; their certificates; and SealedSecrets that nothing was sealed for yet.
 */
export function outOfReach(manifests: readonly Manifest[]): Set<string> {
  const isBeyond = ({ spec }: IssuerLike) =>
    spec?.acme !== undefined || spec?.vault?.auth?.kubernetes?.serviceAccountRef !== undefined;
  const issuers = new Set(
    manifests.filter(({ kind }) => kind === "Issuer" || kind === "ClusterIssuer")
      .filter(isBeyond).map(({ kind, metadata }) => placeOf(kind, metadata)),
  );
  const needsIssuerBeyond = ({ metadata, spec }: CertificateLike) => {
    const { kind = "Issuer", name = "" } = spec?.issuerRef ?? {};
    return issuers.has(placeOf(kind, { name, namespace: metadata.namespace }));
  };
  const isUnsealed = ({ spec }: SealedLike) =>
    Object.values(spec?.encryptedData ?? {}).includes(unsealedMark);
  return new Set(
    manifests.filter((manifest) =>
      ((manifest.kind === "Issuer" || manifest.kind === "ClusterIssuer") && isBeyond(manifest)) ||
      (manifest.kind === "Certificate" && needsIssuerBeyond(manifest)) ||
      (manifest.kind === "SealedSecret" && isUnsealed(manifest))
    ).map((manifest) => keyOf(refOf(manifest))),
  );
}

/** Source: cert-manager, API reference, IssuerSpec. */
type IssuerLike = Manifest & {
  spec?: { acme?: unknown; vault?: { auth?: { kubernetes?: { serviceAccountRef?: unknown } } } };
};

/** Source: cert-manager, API reference, CertificateSpec. */
type CertificateLike = Manifest & { spec?: { issuerRef?: { kind?: string; name?: string } } };

/** Source: sealed-secrets, SealedSecretSpec. */
type SealedLike = Manifest & { spec?: { encryptedData?: Record<string, string> } };

function placeOf(kind: string, { name, namespace = "" }: { name: string; namespace?: string }) {
  return kind === "ClusterIssuer" ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
