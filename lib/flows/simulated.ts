import { groupOf } from "../core/object.ts";

/** A system whose objects the embedded cluster admits, while its controller does not run there. */
export interface AbsentController {
  /** API groups of its kinds. */
  groups: readonly string[];
  /** Its name. */
  name: string;
  /** What therefore does not happen. */
  consequence: string;
}

/** Systems that do not run beside the embedded cluster. */
export const absentControllers: readonly AbsentController[] = [
  {
    groups: ["traefik.io"],
    name: "Traefik",
    consequence: "routes and middlewares are checked, and serve no traffic",
  },
  {
    groups: ["cert-manager.io", "acme.cert-manager.io"],
    name: "cert-manager",
    consequence: "no certificate is issued",
  },
  {
    groups: ["external-secrets.io", "generators.external-secrets.io"],
    name: "External Secrets",
    consequence: "the Secrets it would deliver are placeholders",
  },
  { groups: ["argoproj.io"], name: "Argo CD", consequence: "nothing is synced from Git" },
  {
    groups: ["bitnami.com"],
    name: "Sealed Secrets",
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

/** The system that would act on objects of an API group, where it does not run beside the embedded cluster. */
export function absentControllerOf(apiVersion: string): AbsentController | undefined {
  const group = groupOf(apiVersion);
  return absentControllers.find(({ groups }) => groups.includes(group));
}
