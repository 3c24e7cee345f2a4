import { controllerPlace } from "../../platform/sealing.ts";
import type { Platform } from "../../platform/types.ts";
import type { KeyNode } from "./key_node.ts";
import { anyHolder, holderNodes, idOf, node, one } from "./node.ts";
import { veleroBackupsOf } from "./velero_backups.ts";

/** Sealed secrets, the keys that open them, and the backups of these. */
export function sealedNodes(platform: Platform): KeyNode[] {
  const names = Object.entries(platform.sealedSecrets);
  if (names.length === 0) return [];
  const { keyBackups } = platform.sealing ?? {};
  const { namespace } = controllerPlace(platform);
  const keys = idOf("sealing keys", "controller");
  const objects = names.slice(0, 1).map(([name, secret]) => ({
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    namespace: secret.namespace,
    name,
  }));
  const backups = [
    ...(keyBackups === undefined ? [] : [sealingBackup]),
    ...veleroBackupsOf(platform, namespace, "objects"),
  ];
  return [
    node("sealed secrets", "platform file", {
      place: "outside",
      keptAt: `${names.length} of them, in Git`,
      ways: [{ what: "opened", needs: [one("sealing keys", "controller")] }],
    }),
    node("sealing keys", "controller", {
      place: "cluster",
      keptAt: `namespace ${namespace}`,
      ways: backups.map((backup) => ({ what: "restored", needs: [one("backup", backup)] })),
      objects,
    }),
    ...(keyBackups === undefined ? [] : [
      node("backup", sealingBackup, {
        place: "store",
        keptAt: keyBackups.store,
        ways: [{ what: "decrypted", needs: anyHolder(keyBackups.holders) }],
        objects,
        protects: [keys],
      }),
      ...holderNodes(keyBackups.holders),
    ]),
  ];
}

/** What `sealing-keys backup` makes. */
const sealingBackup = "sealing keys";
