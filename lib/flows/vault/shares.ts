import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { KeptShare, KeyStore } from "./keys.ts";
import { readNamedFile } from "../named_file.ts";
import { readIdentityFiles } from "./open_keys.ts";

/** Where shares come from, as the command line says. */
export interface ShareRequest {
  /** Paths of files with shares, one a line. */
  shareFile?: readonly string[];
  /** Paths of age identity files, which open the shares that are kept. */
  identity?: readonly string[];
}

/** What it takes to look for shares. */
export interface ShareSources {
  /** Name of the Vault, for questions. */
  name: string;
  /** How many are needed. */
  threshold: number;
  /** Where they are kept; undefined where the platform does not say. */
  keys: () => Promise<KeyStore | undefined>;
}

/** Whether the command line says where shares come from. */
export function namesShares({ shareFile = [], identity = [] }: ShareRequest): boolean {
  return shareFile.length + identity.length > 0;
}

/**
 * The shares that can be had, one after the other, each once: from files; from what is kept, by age identities or from
 * a Secret; and where nothing of this is named, from somebody at the terminal, until they answer with nothing.
 *
 * @throws {UsageError} when somebody would have to be asked, and there is no terminal
 */
export async function* sharesFor(
  request: ShareRequest,
  { name, threshold, keys }: ShareSources,
  context: Context,
): AsyncGenerator<KeptShare> {
  const seen = new Set<string>();
  const isNew = ({ share }: KeptShare) => !seen.has(share) && Boolean(seen.add(share));
  for (const path of request.shareFile ?? []) {
    for (const share of readShares(await readNamedFile(path, "shares", context), path)) {
      context.redactor.add(share);
      const found = { share, from: path };
      if (isNew(found)) yield found;
    }
  }
  const identities = await readIdentityFiles(request, context);
  const store = identities.length > 0 || !namesShares(request) ? await keys() : undefined;
  if (store !== undefined && (store.plain || identities.length > 0)) {
    yield* (await store.shares(identities, context)).filter(isNew);
  }
  if (namesShares(request) || store?.plain) return;
  for (let asked = 1;; asked++) {
    const share = (await context.askSecret(
      `A share of the Vault ${name}, of which ${threshold} are needed${
        asked === 1 ? "" : " (nothing to end)"
      }`,
      "give shares with --share-file, or --identity for those that are kept",
    )).trim();
    if (share === "") return;
    context.redactor.add(share);
    const found = { share, from: "what was typed" };
    if (isNew(found)) yield found;
  }
}

/** The shares in a text: a line each, among empty lines and comments. */
function readShares(text: string, path: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const shares = lines.filter((line) => line !== "" && !line.startsWith("#"))
    // As Vault's own command prints them: `Unseal Key 1: …`.
    .map((line) => line.replace(/^(Unseal|Recovery) Key \d+:\s*/i, ""));
  const wrong = shares.findIndex((share) => !/^[A-Za-z0-9+/=_-]+$/.test(share));
  if (shares.length > 0 && wrong < 0) return shares;
  throw new UsageError(
    shares.length === 0
      ? `Cannot read shares from ${path}: it has none`
      : `Cannot read shares from ${path}: line ${wrong + 1} is no share`,
    { remedy: "write one share a line, in base64 or hex" },
  );
}
