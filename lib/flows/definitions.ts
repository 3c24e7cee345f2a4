import type { ClusterClient } from "../core/cluster.ts";
import type { Emit } from "../core/events.ts";
import { fieldManager } from "../core/labels.ts";
import { groupOf, type KubeObject, type Manifest } from "../core/object.ts";

/** Definitions that are ours to apply, and those that somebody else brought already. */
export interface DefinitionChoice {
  /** To be applied. */
  ours: Manifest[];
  /** Left as they are: name and manager. */
  foreign: { name: string; manager: string }[];
}

/**
 * The definitions of kinds that some manifests have. A rehearsal needs no others: each definition that nobody uses
 * costs the API server start-up time and memory.
 */
export function definitionsUsedBy(
  manifests: readonly Manifest[],
  definitions: readonly Manifest[],
): Manifest[] {
  const used = new Set(manifests.map(({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`));
  return definitions.filter((definition) => {
    const { group, names } = definition["spec"] as { group: string; names: { kind: string } };
    return used.has(`${group}/${names.kind}`);
  });
}

/**
 * Leave definitions alone that came to the cluster another way: k3s brings Traefik's with its
 * chart, and whoever brought a definition also upgrades it.
 */
export function chooseDefinitions(
  wanted: readonly Manifest[],
  live: readonly KubeObject[],
): DefinitionChoice {
  const byName = new Map(live.map((definition) => [definition.metadata.name, definition]));
  const choice: DefinitionChoice = { ours: [], foreign: [] };
  for (const definition of wanted) {
    const manager = foreignManager(byName.get(definition.metadata.name));
    if (manager === undefined) choice.ours.push(definition);
    else choice.foreign.push({ name: definition.metadata.name, manager });
  }
  return choice;
}

/** Definitions to apply, and those that the cluster has. */
export interface Definitions {
  /** To be applied. */
  wanted: Manifest[];
  /** All that the cluster has. */
  live: KubeObject[];
}

/** Read what definitions a cluster has, and choose; tells of those that are left alone. */
export async function definitionsFor(
  client: ClusterClient,
  wanted: readonly Manifest[],
  { emit, signal }: { emit: Emit; signal: AbortSignal },
): Promise<Definitions> {
  const query = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
  const { items } = await client.list(query, { signal });
  const { ours, foreign } = chooseDefinitions(wanted, items);
  for (const manager of new Set(foreign.map(({ manager }) => manager))) {
    const names = foreign.filter((one) => one.manager === manager).map(({ name }) => name);
    emit({
      type: "note",
      level: "info",
      message: `${names.length} definitions are left as ${manager} brought them: ${
        names.join(", ")
      }`,
    });
  }
  return { wanted: ours, live: items };
}

function foreignManager(live: KubeObject | undefined): string | undefined {
  const managers = (live?.metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager }) => manager);
  return managers.includes(fieldManager) ? undefined : managers[0];
}
