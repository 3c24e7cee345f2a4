import { LineCounter, parseDocument } from "yaml";
import { UsageError } from "../../core/errors.ts";
import { asFields, type Fields, textOf } from "./kubeconfig_fields.ts";

/** One named cluster, user or context of a kubeconfig. */
export interface KubeconfigEntry {
  /** Its fields, unchecked. */
  fields: Fields;
  /** The file that it comes from, as messages name it. */
  file: string;
  /** The folder that its relative paths start from. */
  baseDir: string;
}

/** A kubeconfig, of one file or of several. Source: k8s.io/client-go, tools/clientcmd/api/v1 Config. */
export interface Kubeconfig {
  /** The files that it comes from. */
  files: readonly string[];
  /** Name of the context to use; empty when none is set. */
  currentContext: string;
  /** Clusters by name. */
  clusters: ReadonlyMap<string, KubeconfigEntry>;
  /** Users by name. */
  users: ReadonlyMap<string, KubeconfigEntry>;
  /** Contexts by name. */
  contexts: ReadonlyMap<string, KubeconfigEntry>;
}

/** Where a kubeconfig's text comes from. */
export interface KubeconfigOrigin {
  /** The file, as messages name it. */
  file: string;
  /** The folder that relative paths in it start from. */
  baseDir: string;
}

/**
 * Read the text of one kubeconfig file.
 *
 * @throws {UsageError} when it is no YAML or no kubeconfig. The message never
 * quotes the text, which may hold tokens.
 */
export function parseKubeconfig(text: string, origin: KubeconfigOrigin): Kubeconfig {
  const { file } = origin;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "error" });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw new UsageError(
      `Cannot read the kubeconfig ${file}:${line}:${col}: it is not valid YAML (${problem.code})`,
      { remedy: "mend the file, or have the cluster write a new one" },
    );
  }
  const root: unknown = document.toJS();
  const fields = asFields(root ?? {}, file, "the top level");
  const kind = textOf(fields, "kind", file);
  if (kind !== undefined && kind !== "Config") {
    throw new UsageError(`Cannot use ${file} as a kubeconfig: its kind is ${kind}, wanted Config`);
  }
  return {
    files: [file],
    currentContext: textOf(fields, "current-context", file) ?? "",
    clusters: entries(fields, "clusters", "cluster", origin),
    users: entries(fields, "users", "user", origin),
    contexts: entries(fields, "contexts", "context", origin),
  };
}

/**
 * Merge kubeconfigs as kubectl does: the first file that sets the current context,
 * or that has an entry of a name, wins; entries are taken whole.
 * Source: kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig.
 */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  // Later entries of a Map win, so the files are laid down last to first.
  const backwards = configs.toReversed();
  return {
    files: configs.flatMap(({ files }) => files),
    currentContext: configs.find(({ currentContext }) => currentContext !== "")?.currentContext ??
      "",
    clusters: new Map(backwards.flatMap(({ clusters }) => [...clusters])),
    users: new Map(backwards.flatMap(({ users }) => [...users])),
    contexts: new Map(backwards.flatMap(({ contexts }) => [...contexts])),
  };
}

function entries(
  fields: Fields,
  list: string,
  member: string,
  { file, baseDir }: KubeconfigOrigin,
): Map<string, KubeconfigEntry> {
  const found = new Map<string, KubeconfigEntry>();
  const items = fields[list] ?? [];
  if (!Array.isArray(items)) {
    throw new UsageError(`Cannot read the kubeconfig ${file}: ${list}: wanted a list`);
  }
  for (const [index, item] of items.entries()) {
    const path = `${list}[${index}]`;
    const entry = asFields(item, file, path);
    const name = textOf(entry, "name", file, path);
    if (name === undefined) {
      throw new UsageError(`Cannot read the kubeconfig ${file}: ${path}.name: wanted a name`);
    }
    if (found.has(name)) continue;
    found.set(name, {
      fields: asFields(entry[member] ?? {}, file, `${path}.${member}`),
      file,
      baseDir,
    });
  }
  return found;
}
