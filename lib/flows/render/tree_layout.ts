import { groupOf, type Manifest } from "../../core/object.ts";
import { toYaml } from "./render.ts";

/** What a tree of files is made of. */
export interface TreeParts {
  /** Objects, one file each. */
  manifests: readonly Manifest[];
  /** Texts of files for hosts, by their paths below `hosts/`. */
  hostFiles: Readonly<Record<string, string>>;
  /** Name of the Application that manages the others, where there is one. */
  rootApplication?: string;
}

/** Name of the file that lists all objects of a tree. Source: the kustomization file of Kustomize. */
const kustomizationFile = "kustomization.yaml";

/** Folders of Argo CD's own kinds, so that one Application can watch all the others. */
const applicationFolders: Record<string, string> = {
  Application: "applications",
  AppProject: "projects",
};

/** All files of a tree: their texts by their paths, in the order of the paths, with the same bytes for the same parts. */
export async function treeFiles(parts: TreeParts): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const resources = objectPaths(parts);
  for (const [path, manifest] of resources) files.set(path, await toYaml([manifest]));
  for (const [path, text] of Object.entries(parts.hostFiles)) files.set(`hosts/${path}`, text);
  files.set(
    kustomizationFile,
    await toYaml([{
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: [...resources.keys()].sort(),
    } as unknown as Manifest]),
  );
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

/** `<namespace or cluster>/<kind>-<name>.yaml` for each object; with its API group where two kinds share a name. */
function objectPaths({ manifests, rootApplication }: TreeParts): Map<string, Manifest> {
  const byPath = Map.groupBy(manifests, (manifest) => pathOf(manifest, rootApplication));
  return new Map(
    [...byPath].flatMap(([path, [first, ...others]]) =>
      others.length === 0
        ? [[path, first!] as const]
        : [first!, ...others].map((manifest) =>
          [path.replace(/\/(\w+)-/, `/$1.${groupOf(manifest.apiVersion)}-`), manifest] as const
        )
    ),
  );
}

function pathOf({ apiVersion, kind, metadata }: Manifest, root: string | undefined): string {
  const folder = fileName(metadata.namespace ?? "cluster");
  const name = fileName(metadata.name);
  const own = groupOf(apiVersion) === "argoproj.io" ? applicationFolders[kind] : undefined;
  if (own === undefined) return `${folder}/${kind.toLowerCase()}-${name}.yaml`;
  const isRoot = kind === "Application" && metadata.name === root;
  return `${folder}/${isRoot ? "bootstrap" : own}/${name}.yaml`;
}

/** Names of roles may have characters that file systems refuse; each becomes `_` and its code in two hexadecimal digits. */
function fileName(name: string): string {
  return name.replaceAll(
    /[^A-Za-z0-9.-]/g,
    (character) => `_${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
