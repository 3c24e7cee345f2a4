import { generateIdentity, identityToRecipient } from "age-encryption";
import { listBackups } from "../../lib/flows/backup/list.ts";
import type { BackupListing } from "../../lib/backup/listing.ts";
import { createFolderStore } from "../../lib/store/folder.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { initialize } from "../../lib/vault/initialize.ts";
import { giveShare } from "../../lib/vault/unseal.ts";
import { type TestContext, testContext } from "../context.ts";
import { sampleVault } from "../platform/sample_vault.ts";
import { startVault, type VaultProcess, type VaultProcessOptions } from "./vault_process.ts";

/** Files and names that tests of backups share. */
export interface BackupGround extends AsyncDisposable {
  /** Folder of all of them. */
  folder: string;
  /** Path of the platform file, which declares the Vaults `main` and `sealer`. */
  platform: string;
  /** Folder of the store. */
  store: string;
  /** Path of the identity that can read the backups. */
  identity: string;
  /** All that the store has of `main`. */
  listing(): Promise<BackupListing>;
  /** Write a file of the folder, for its owner alone. */
  write(name: string, text: string): Promise<string>;
}

/** Make the files of a test. */
export async function backupGround(): Promise<BackupGround> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-backup-" });
  const write = async (name: string, text: string) => {
    await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o600 });
    return `${folder}/${name}`;
  };
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const bob = await identityToRecipient(await generateIdentity());
  const vault = sampleVault({
    storage: { storageClass: "local", size: "1Gi" },
    initialize: { shares: 3, threshold: 2, holders: { ana: recipient, bob } },
  });
  const seal = { vault: "sealer", key: "autounseal", token: { secret: "unseal", key: "token" } };
  const platform = {
    name: "shop",
    domain: "example.org",
    environments: { test: {} },
    namespaces: { vault: { podSecurity: "restricted" } },
    storageClasses: {
      local: {
        existing: true,
        provisioner: "rancher.io/local-path",
        reclaimPolicy: "Delete",
        volumeBindingMode: "WaitForFirstConsumer",
      },
    },
    vaults: { main: vault, sealed: { ...vault, seal }, sealer: vault },
    sealedSecrets: { unseal: { namespace: "vault", keys: ["token"] } },
    backups: { stores: {}, jobs: {}, holders: { ana: recipient } },
  };
  const store = `${folder}/store`;
  return {
    folder,
    store,
    platform: await write("shop.yaml", JSON.stringify(platform)),
    identity: await write("ana.txt", `# a comment\n${identity}\n`),
    write,
    listing: () =>
      listBackups(
        createFolderStore(store),
        { kind: "vault", scope: "shop-test", name: "main" },
        { signal: new AbortController().signal },
      ),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** A Vault that works, and all that opens it. */
export interface ReadyVault extends AsyncDisposable {
  /** Its process. */
  vault: VaultProcess;
  /** Its shares. */
  shares: string[];
  /** Its root token. */
  rootToken: string;
  /** A client with the root token. */
  root: VaultClient;
}

/** Start a Vault with 2 of 3 shares, unsealed. */
export async function readyVault(options: VaultProcessOptions = {}): Promise<ReadyVault> {
  const vault = await startVault(options);
  const { redactor, client } = vault;
  const autoUnseal = options.seal !== undefined;
  const { shares, rootToken } = await initialize(client, {
    shares: 3,
    threshold: 2,
    autoUnseal,
    redactor,
  });
  if (!autoUnseal) { for (const share of shares.slice(0, 2)) await giveShare(client, share); }
  await untilActive(client);
  return {
    vault,
    shares,
    rootToken,
    root: client.withToken(rootToken),
    [Symbol.asyncDispose]: () => vault[Symbol.asyncDispose](),
  };
}

/** Wait until a Vault is unsealed and leads. */
export async function untilActive(client: VaultClient): Promise<void> {
  for (const deadline = performance.now() + 20_000;;) {
    const { status } = await client.ask("GET", "sys/health");
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error(`Vault answers ${status} after 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Mount what canaries are written to. */
export async function mountCanary(root: VaultClient): Promise<void> {
  await root.request("POST", "sys/mounts/slipway", {
    body: { type: "kv", options: { version: "2" } },
  });
  // An engine that was mounted just now upgrades itself first, and refuses until it is done.
  for (const deadline = performance.now() + 10_000;;) {
    const { status } = await root.ask("GET", "slipway/config");
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error(`slipway/config answers ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A context with these variables of the environment, where nothing is confirmed. */
export function quietContext(variables: Record<string, string> = {}): TestContext {
  return testContext({
    env: (name) => variables[name],
    confirm: () => Promise.resolve(false),
  });
}
