import { refOf } from "../../core/object.ts";
import type { Platform } from "../../platform/types.ts";
import type { Rule, Severity } from "../finding.ts";
import { type KeyFinding, type KeyFindingKind, keyFindings } from "../recoverability/findings.ts";
import { keyGraphOf } from "../recoverability/graph.ts";

/** Whoever has lost what the backup protects has lost the key as well, and so the backup. */
export const backupKeyInside: Rule = keyRule(
  "backup-key-inside",
  "The key of a backup is not kept only in what it protects",
  "error",
);

/** A cluster that starts again finds its Vault sealed, and the keys behind the seal. */
export const unsealKeyInside: Rule = keyRule(
  "unseal-key-inside",
  "What unseals a Vault is not kept only in the cluster that it unseals",
  "error",
);

/** Keys that need each other open nothing. */
export const noWayIn: Rule = keyRule(
  "no-way-in",
  "What opens a backup or a Vault can be had when the cluster is gone",
  "error",
);

/** What only this key opens is lost with it. */
export const keyWithoutBackup: Rule = keyRule(
  "key-without-backup",
  "Vaults and sealing keys are kept outside of the cluster too",
  "warning",
);

/** At night nobody finds out who it was. */
export const holderUnnamed: Rule = keyRule(
  "holder-unnamed",
  "The platform says who has the shares of each Vault",
  "warning",
);

/** All five rules ask for them, one after the other. */
const known = new WeakMap<Platform, readonly KeyFinding[]>();

function findingsOf(platform: Platform): readonly KeyFinding[] {
  const found = known.get(platform) ?? keyFindings(keyGraphOf(platform));
  known.set(platform, found);
  return found;
}

/** What the graph of keys finds, told of the object that it is about. */
function keyRule(name: KeyFindingKind, summary: string, severity: Severity): Rule {
  return {
    name,
    summary,
    severity,
    check: ({ platform, find }) =>
      findingsOf(platform).filter(({ kind }) => kind === name)
        .flatMap(({ node, because, remedy }) => {
          const objects = node.objects.flatMap(({ kind, namespace, name }) =>
            find(kind, namespace, name) ?? []
          );
          return objects.slice(0, 1).map((object) => ({ object: refOf(object), because, remedy }));
        }),
  };
}
