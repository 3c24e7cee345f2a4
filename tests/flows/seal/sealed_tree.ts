import type { Context } from "../../../lib/core/context.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { writeDocuments } from "../../../lib/seal/document.ts";
import type { DigestKey } from "../../../lib/seal/digest.ts";
import type { Scope } from "../../../lib/seal/scope.ts";
import { sealSecret } from "../../../lib/seal/seal.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { makePair, type SealingPair } from "../../seal/sealing_pair.ts";

/** A folder of a test's own, and what flows need there. */
export interface SealedTree {
  /** The folder. */
  root: string;
  /** Flows run in that folder. */
  context: Context;
  /** What they told. */
  events: SlipwayEvent[];
  /** All of it as one text. */
  told(): string;
  /** The last summary. */
  summary(): Record<string, unknown>;
  /** Write a file; its path from the folder. */
  write(path: string, text: string): Promise<void>;
  /** Read a file. */
  read(path: string): Promise<string>;
  /** All files below the folder with their texts. */
  files(): Promise<Record<string, string>>;
}

/** Give a test a folder, which is removed afterwards. */
export async function withTree(work: (tree: SealedTree) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const context = testContext({ cwd: root });
    const { events } = context;
    await work({
      root,
      context,
      events,
      told: () => JSON.stringify(events),
      summary: () => {
        const { type: _type, ...figures } = events.findLast(({ type }) => type === "summary") ??
          { type: "" };
        return figures;
      },
      async write(path, text) {
        await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
        await Deno.writeTextFile(`${root}/${path}`, text);
      },
      read: (path) => Deno.readTextFile(`${root}/${path}`),
      files: () => filesBelow(root),
    });
  });
}

async function filesBelow(folder: string, prefix = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(files, await filesBelow(path, `${prefix}${name}/`));
    else files[prefix + name] = await Deno.readTextFile(path);
  }
  return files;
}

/** What a SealedSecret of a test is. */
export interface SealedOptions {
  /** With what it is sealed. */
  pair: SealingPair;
  /** Name of the Secret. */
  name?: string;
  /** Its namespace. */
  namespace?: string;
  /** Its scope. */
  scope?: Scope;
  /** Its values. */
  values?: Record<string, string>;
  /** The key of digests. */
  digestKey?: DigestKey;
  /** Leave records out, as kubeseal does. */
  plain?: boolean;
}

/** A SealedSecret as YAML. */
export async function sealedYaml(options: SealedOptions): Promise<string> {
  const { pair, name = "web", namespace = "shop", scope = "strict" } = options;
  const { values = { PASSWORD: "correct-horse" }, digestKey, plain = false } = options;
  const plainBytes = Object.entries(values).map(([key, text]) =>
    [key, new TextEncoder().encode(text)] as const
  );
  const secret = { name, namespace, metadata: {}, values: new Map(plainBytes) };
  const sealed = await sealSecret(secret, pair.certificate, {
    scope,
    place: "a test",
    ...(digestKey === undefined ? {} : { digestKey }),
  });
  if (plain) delete sealed.metadata.annotations?.["slipway.dev/sealed-items"];
  return writeDocuments([sealed], "yaml");
}

const hour = 3_600_000;

/** Keys of one cluster, the older first, and one of another cluster. */
export async function makePairs(): Promise<
  { old: SealingPair; new: SealingPair; foreign: SealingPair }
> {
  const ago = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
  const [old, newer, foreign] = await Promise.all([
    makePair({ notBefore: ago(48) }),
    makePair({ notBefore: ago(2) }),
    makePair({ notBefore: ago(24) }),
  ]);
  return { old, new: newer, foreign };
}
