import { clusterJobs } from "../backups.ts";
import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { clusterVaults } from "../vaults.ts";
import { refer } from "./reference.ts";

const sections = [
  "workloads",
  "configMaps",
  "cronJobs",
  "identityProviders",
  "mail",
  "routes",
  "certificates",
  "gateways",
  "oauth2Proxies",
  "secretStores",
  "externalSecrets",
  "sealedSecrets",
  "externalServices",
  "volumes",
  "projects",
  "applications",
] as const;

/** Each namespace that is named must be declared. */
export function checkNamespaces(platform: Platform): Mistake[] {
  const known = Object.keys(platform.namespaces);
  const mistakes = sections.flatMap((section) =>
    Object.entries(platform[section]).flatMap(([name, { namespace }]) =>
      refer([section, name, "namespace"], namespace, known, "namespace")
    )
  );
  for (const [name, { namespace }] of clusterVaults(platform)) {
    mistakes.push(...refer(["vaults", name, "namespace"], namespace, known, "namespace"));
  }
  for (const [name, { destination }] of Object.entries(platform.applications)) {
    mistakes.push(
      ...refer(["applications", name, "destination"], destination, known, "namespace"),
    );
  }
  for (const [name, { namespace }] of Object.entries(platform.peers)) {
    if (namespace === undefined) continue;
    mistakes.push(...refer(["peers", name, "namespace"], namespace, known, "namespace"));
  }
  for (const [name, { namespace }] of Object.entries(clusterJobs(platform.backups))) {
    mistakes.push(
      ...refer(["backups", "jobs", name, "namespace"], namespace, known, "namespace"),
    );
  }
  return mistakes;
}
