import type { Manifest } from "../../../lib/core/object.ts";
import { backupSubject, type ClusterJob, namespaceOf } from "../../../lib/platform/backups.ts";
import { backupLabel } from "../../../lib/platform/ends.ts";
import { controllerPlace } from "../../../lib/platform/sealing.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Role, RoleBinding } from "../types.ts";

type Rules = NonNullable<Role["rules"]>;

/** A WebSocket begins with a GET. Source: Kubernetes, "Authorization overview", verbs of pods/exec. */
const execRules: Rules = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] },
];

/** Files are read through a pod that is made for it, and gone afterwards. */
const volumeRules: Rules = [
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list"] },
  {
    apiGroups: [""],
    resources: ["pods"],
    verbs: ["get", "list", "watch", "create", "delete"],
  },
  { apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] },
];

/** The controller's keys have no names that could be told beforehand. */
const keyRules: Rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }];

/** A Role and its binding in each namespace that a job's task works in; most need none. */
export function jobRights(name: string, job: ClusterJob, platform: Platform): Manifest[] {
  const rules = rulesOf(job);
  if (rules === undefined) return [];
  return namespacesOf(job, platform).flatMap((namespace) => {
    const metadata = {
      name: namespace === job.namespace ? name : `${job.namespace}-${name}`,
      namespace,
      labels: { [backupLabel]: name },
    };
    return [
      define<Role>({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules }),
      define<RoleBinding>({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
        subjects: [{ kind: "ServiceAccount", name, namespace: job.namespace }],
      }),
    ];
  });
}

function rulesOf({ task, via }: ClusterJob): Rules | undefined {
  if (task === "backup-volume") return volumeRules;
  if (task === "sealing-keys backup") return keyRules;
  return via === "exec" ? execRules : undefined;
}

function namespacesOf({ task, covers = [] }: ClusterJob, platform: Platform): string[] {
  const found = task === "sealing-keys backup"
    ? [controllerPlace(platform).namespace]
    : covers.map(backupSubject).flatMap(({ section, name }) =>
      namespaceOf(platform, section, name) ?? []
    );
  return [...new Set(found)];
}
