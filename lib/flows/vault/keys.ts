import { checkRecipient, decryptWith, encryptFor } from "../../age/age.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";
import type { InitialKeys } from "../../vault/initialize.ts";
import { type KeyRecord, parseRecord, recordName } from "./key_record.ts";

/** A share that could be read. */
export interface KeptShare {
  /** The share, in base64. */
  share: string;
  /** Where it was, for messages. */
  from: string;
}

/**
 * Where the keys of one Vault are kept: with age files in a folder or a bucket, each share for its holder; or as they
 * are in a Secret of the cluster. Nothing else of Slipway stores them.
 */
export interface KeyStore {
  /** URL of the place. */
  readonly where: string;
  /** Whether a Secret keeps the keys, unencrypted. */
  readonly plain: boolean;
  /** The record; undefined before the first initialisation. */
  read(context: Pick<Context, "signal">): Promise<KeyRecord | undefined>;
  /** Show that what is written comes back, and that each holder can be encrypted for. @throws {SlipwayError} */
  prove(record: KeyRecord, context: Pick<Context, "signal">): Promise<void>;
  /** Write the record. */
  write(record: KeyRecord, context: Pick<Context, "signal">): Promise<void>;
  /** Store at once all that Vault gave; {@linkcode KeyStore.finish} then gives each share its place. */
  keep(keys: InitialKeys, record: KeyRecord, context: Pick<Context, "signal">): Promise<void>;
  /** Whether something was kept that has not its place yet. */
  isPending(context: Pick<Context, "signal">): Promise<boolean>;
  /** Give each share its place, and say so in the record. Interrupted anywhere, it is called again. */
  finish(
    record: KeyRecord,
    context: Pick<Context, "signal" | "now">,
  ): Promise<KeyRecord>;
  /** Put aside what is there, so that a new Vault's keys overwrite nothing. Returns where it is then. */
  setAside(context: Pick<Context, "signal" | "now">): Promise<string>;
  /** The shares that these identities open; all where a Secret keeps them. */
  shares(
    identities: readonly string[],
    context: Pick<Context, "signal" | "redactor">,
  ): Promise<KeptShare[]>;
  /** The first root token, where it is kept and one of the identities opens it. */
  rootToken(
    identities: readonly string[],
    context: Pick<Context, "signal" | "redactor">,
  ): Promise<string | undefined>;
  /** Remove the first root token, after it was revoked. */
  forgetRootToken(record: KeyRecord, context: Pick<Context, "signal">): Promise<KeyRecord>;
}

const pendingName = "pending.json";
const proofName = "proof";

/** Bytes that each thing to be stored is taken for in the proof: a block of a disk, more than any of them has. */
const proofBytes = 4096;

/** A key store over a store; `plain` where the store itself is trusted with keys. */
export function createKeyStore(store: Store, { plain }: { plain: boolean }): KeyStore {
  const rootName = plain ? "root-token" : "root-token.age";
  const readText = async (name: string, signal: AbortSignal) => {
    const bytes = await store.get(name, { signal });
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };

  async function sealed(text: string, recipients: readonly string[]) {
    const bytes = new TextEncoder().encode(text);
    return plain ? bytes : await encryptFor(recipients, bytes);
  }

  /** Undefined when none of the identities is a recipient's. */
  async function opened(
    name: string,
    identities: readonly string[],
    { signal, redactor }: Pick<Context, "signal" | "redactor">,
  ): Promise<string | undefined> {
    const bytes = await store.get(name, { signal });
    if (bytes === undefined || (!plain && identities.length === 0)) return undefined;
    const found = plain
      ? bytes
      : await decryptWith(identities, bytes, `${name} at ${store.url}`).catch((error) => {
        if (/no identity/i.test(messageOf(error))) return undefined;
        throw error;
      });
    if (found === undefined) return undefined;
    const text = new TextDecoder().decode(found).trim();
    redactor.add(text);
    return text;
  }

  const write = (record: KeyRecord, signal: AbortSignal) =>
    store.put(recordName, new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`), {
      signal,
    });

  return {
    where: store.url,
    plain,
    async read({ signal }) {
      const bytes = await store.get(recordName, { signal });
      return bytes === undefined ? undefined : parseRecord(bytes, store.url);
    },
    async prove({ keptBy }, { signal }) {
      for (const { recipient } of keptBy) if (recipient !== undefined) checkRecipient(recipient);
      // As much as all that comes: shares, root token and record, and the first two once more while they are pending.
      const proof = crypto.getRandomValues(new Uint8Array((keptBy.length + 3) * proofBytes));
      const failed = (because: string, cause?: unknown) =>
        new SlipwayError(
          `Cannot initialise: what Vault will give could not be stored at ${store.url}: ${because}`,
          { remedy: "mend the place, or name another one with --keys; Vault was not asked", cause },
        );
      try {
        await store.put(proofName, proof, { signal });
        const back = await store.get(proofName, { signal });
        await store.delete(proofName, { signal });
        if (back?.toHex() !== proof.toHex()) {
          throw failed("what was written is not what is read");
        }
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw error instanceof SlipwayError && error.message.startsWith("Cannot initialise")
          ? error
          : failed(messageOf(error), error);
      }
    },
    write: (record, { signal }) => write(record, signal),
    async keep({ shares, rootToken }, { keptBy }, { signal }) {
      const all: Record<string, string> = {};
      for (const { share, recipient, object } of keptBy) {
        all[object] = (await sealed(shares[share - 1]!, recipient ? [recipient] : [])).toBase64();
      }
      const recipients = [...new Set(keptBy.flatMap(({ recipient }) => recipient ?? []))];
      all[rootName] = (await sealed(rootToken, recipients)).toBase64();
      await store.put(pendingName, new TextEncoder().encode(JSON.stringify(all)), { signal });
    },
    isPending: async ({ signal }) => await store.get(pendingName, { signal }) !== undefined,
    async finish(record, { signal, now }) {
      const pending = await readText(pendingName, signal);
      const all = JSON.parse(pending ?? "{}") as Record<string, string>;
      for (const [name, value] of Object.entries(all)) {
        await store.put(name, Uint8Array.fromBase64(value), { signal });
      }
      const done: KeyRecord = {
        ...record,
        state: "initialised",
        initialisedAt: record.initialisedAt ?? now().toString(),
      };
      await write(done, signal);
      await store.delete(pendingName, { signal });
      return done;
    },
    async setAside({ signal, now }) {
      const record = await store.get(recordName, { signal });
      const at = record === undefined
        ? now().toString()
        : parseRecord(record, store.url).initialisedAt ?? now().toString();
      // Names of Secrets' keys know no folders and no colons.
      const prefix = `earlier-${at.replaceAll(/[:.]/g, "")}-`;
      const names = (await store.list("", { signal })).map(({ name }) => name)
        .filter((name) => !name.startsWith("earlier-"));
      for (const name of names) {
        await store.put(prefix + name, (await store.get(name, { signal }))!, { signal });
      }
      for (const name of names) await store.delete(name, { signal });
      return `${store.url}/${prefix}*`;
    },
    async shares(identities, context) {
      const bytes = await store.get(recordName, { signal: context.signal });
      if (bytes === undefined) return [];
      const found: KeptShare[] = [];
      for (const { share, holder, object } of parseRecord(bytes, store.url).keptBy) {
        const text = await opened(object, identities, context);
        if (text === undefined) continue;
        const of = holder === undefined ? "" : ` of ${holder}`;
        found.push({ share: text, from: `share ${share}${of} at ${store.url}` });
      }
      return found;
    },
    rootToken: (identities, context) => opened(rootName, identities, context),
    async forgetRootToken(record, { signal }) {
      await store.delete(rootName, { signal });
      const done: KeyRecord = { ...record, rootToken: "revoked" };
      await write(done, signal);
      return done;
    },
  };
}
