import assert from "node:assert/strict";
import { readIdentities, recipientOf } from "../../../lib/age/age.ts";
import { exampleHolders, exampleRecipients } from "../../../lib/platform/example_holders.ts";
import { keyFindings } from "../../../lib/review/recoverability/findings.ts";
import { keyGraphOf } from "../../../lib/review/recoverability/graph.ts";
import { indispensable, openedWithoutCluster } from "../../../lib/review/recoverability/opened.ts";
import { keyGraphRecords, keyGraphText } from "../../../lib/review/recoverability/text.ts";
import type { BackupStore, Platform } from "../../../lib/platform/types.ts";
import { allPlatforms } from "../../platform/all_platforms.ts";
import { sampleBackups, sampleJob, sampleStore } from "../../platform/sample_backups.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleOutsideVault, sampleSeal, sampleVault } from "../../platform/sample_vault.ts";

const holders = { ann: "age1a", bob: "age1b", cy: "age1c" };
const initialize = { shares: 5, threshold: 3, holders };
const offsite = (changes: Partial<BackupStore> = {}) =>
  sampleStore({
    onThisCluster: undefined,
    secrets: { vault: "s3" },
    keysKeptAt: "the safe",
    ...changes,
  });

/** A Vault whose nightly backup leaves the cluster, with its key in the safe. */
function sample(changes: Partial<Platform> = {}, store: Partial<BackupStore> = {}): Platform {
  return samplePlatform({
    vaults: { vault: sampleVault({ initialize }) },
    backups: sampleBackups({
      holders,
      stores: { offsite: offsite(store) },
      jobs: {
        nightly: sampleJob({ namespace: "vault", covers: ["vaults/vault"], store: "offsite" }),
      },
    }),
    ...changes,
  });
}

function found(platform: Platform): string[] {
  return keyFindings(keyGraphOf(platform)).map(({ kind, node }) => `${kind}: ${node.id}`);
}

function opened(platform: Platform): Set<string> {
  return openedWithoutCluster(keyGraphOf(platform));
}

const fetched: Partial<Platform> = {
  secretStores: {
    kv: {
      scope: "namespace",
      namespace: "vault",
      vault: { server: "http://vault.vault.svc:8200" },
    } as never,
  },
  externalSecrets: {
    s3: { namespace: "vault", store: "kv", from: "backups", refreshInterval: "1h", keys: ["A"] },
  },
};

Deno.test("a Vault is opened without the cluster by its backup, the key of the store and enough shares", () => {
  const platform = sample();
  const graph = keyGraphOf(platform);
  assert.deepEqual(keyFindings(graph), []);
  assert.equal(openedWithoutCluster(graph).size, graph.nodes.size);
});

Deno.test("a share counts once for each time that its holder has one", () => {
  const platform = sample();
  const graph = keyGraphOf(platform);
  const without = (...names: string[]) =>
    openedWithoutCluster(graph, ({ id }) => names.some((name) => id === `holder/${name}`));
  // Five shares among three: two, two and one.
  assert.ok(without("cy").has("vault/vault"));
  assert.ok(without("ann").has("vault/vault"));
  assert.equal(without("ann", "cy").has("vault/vault"), false);
});

Deno.test("a backup whose key is only in what it protects is told once, with what is missing", () => {
  const platform = sample(fetched, { keysKeptAt: undefined });
  const [finding, ...others] = keyFindings(keyGraphOf(platform));
  assert.deepEqual(others, []);
  assert.equal(finding!.kind, "backup-key-inside");
  assert.match(
    finding!.because,
    /protects the vault vault, and the credentials of the store offsite/,
  );
  assert.equal(opened(platform).has("vault/vault"), false);
});

Deno.test("a copy of the key with people is a way in", () => {
  assert.deepEqual(found(sample(fetched)), []);
});

Deno.test("an unseal key that is only in the cluster is told, as shares and as another Vault's key", () => {
  const secret = { name: "keys", because: "it is simple" };
  assert.deepEqual(found(sample({ vaults: { vault: sampleVault({ initialize: { secret } }) } })), [
    "unseal-key-inside: shares/vault",
  ]);
  assert.deepEqual(
    found(sample({
      vaults: {
        vault: sampleVault({ initialize, seal: sampleSeal }),
        bootstrap: sampleVault({ initialize }),
      },
    })),
    ["unseal-key-inside: transit key/vault"],
  );
});

Deno.test("a transit key outside of the cluster is a way in, unless it is on its host alone", () => {
  const vaults = (backupsKeptAt?: string) => ({
    vault: sampleVault({ initialize, seal: sampleSeal }),
    bootstrap: sampleOutsideVault({
      outside: { address: "https://bootstrap.example.org:8200", backupsKeptAt },
      initialize,
    }),
  });
  assert.deepEqual(found(sample({ vaults: vaults("another bucket") })), []);
  assert.deepEqual(found(sample({ vaults: vaults() })), ["key-without-backup: vault/bootstrap"]);
});

Deno.test("recovery shares do not unseal: without the transit key a Vault stays shut", () => {
  const platform = sample({
    vaults: {
      vault: sampleVault({ initialize, seal: sampleSeal }),
      bootstrap: sampleOutsideVault({ initialize }),
    },
  });
  const shut = openedWithoutCluster(keyGraphOf(platform), ({ id }) => id === "vault/bootstrap");
  assert.equal(shut.has("shares/bootstrap"), true);
  assert.equal(shut.has("vault/vault"), false);
});

Deno.test("two Vaults that keep each other's keys have no way in, and are told as one", () => {
  const seal = (vault: string) => ({ ...sampleSeal, vault });
  const platform = sample({
    vaults: {
      one: sampleVault({ initialize, seal: seal("two") }),
      two: sampleVault({ initialize, seal: seal("one") }),
    },
    backups: sampleBackups({
      holders,
      stores: { offsite: offsite() },
      jobs: {
        nightly: sampleJob({
          namespace: "vault",
          covers: ["vaults/one", "vaults/two"],
          store: "offsite",
        }),
      },
    }),
  });
  assert.deepEqual(found(platform), [
    "unseal-key-inside: transit key/one",
    "unseal-key-inside: transit key/two",
  ]);
});

Deno.test("sealing keys without a backup take all sealed secrets along", () => {
  const sealedSecrets = {
    app: { namespace: "shop", keys: ["A"], sealed: {}, scope: "strict", type: "Opaque" } as const,
  } as never;
  assert.deepEqual(found(samplePlatform({ sealedSecrets })), [
    "key-without-backup: sealing keys/controller",
  ]);
  const sealing = { keyBackups: { store: "s3://keys", holders } };
  assert.deepEqual(found(samplePlatform({ sealedSecrets, sealing })), []);
  assert.ok(opened(samplePlatform({ sealedSecrets, sealing })).has("sealed secrets/platform file"));
});

Deno.test("what is in a cloud can be had without the cluster", () => {
  const platform = samplePlatform({
    secretStores: {
      cloud: { scope: "namespace", namespace: "shop", aws: { region: "eu-central-1" } } as never,
    },
    externalSecrets: {
      app: { namespace: "shop", store: "cloud", from: "app", refreshInterval: "1h", keys: ["A"] },
    },
  });
  assert.ok(opened(platform).has("secrets/cloud"));
});

Deno.test("a Vault in memory may be lost, as the platform says why", () => {
  const development = { rootToken: { secret: "root", key: "TOKEN" }, because: "it is a trial" };
  const platform = samplePlatform({
    vaults: { vault: sampleVault({ storage: undefined, development }) },
  });
  assert.deepEqual(found(platform), []);
  assert.match(keyGraphText(keyGraphOf(platform)), /lost with the cluster: it is a trial/);
});

Deno.test("the text says who must not be lost as well, and records say what is opened", () => {
  const graph = keyGraphOf(sample(fetched));
  assert.deepEqual(indispensable(graph).map(({ holder }) => holder.name), ["the safe"]);
  assert.match(
    keyGraphText(graph),
    /When the cluster is gone, all of it can be opened\.\nWithout the safe as well, \d of them stay shut\.$/,
  );
  assert.ok(keyGraphRecords(graph).every((record) => record["opened"] === true));
});

for (const [name, platform] of await allPlatforms()) {
  Deno.test(`${name}: all keys can be had when the cluster is gone`, () => {
    assert.deepEqual(found(platform), []);
  });
}

Deno.test("identities of the examples are those that platform files name, and nobody else is among these", async () => {
  const file = new URL("../../../manifests/example-identities.txt", import.meta.url);
  const identities = readIdentities(await Deno.readTextFile(file), "example-identities.txt");
  assert.deepEqual(await Promise.all(identities.map(recipientOf)), exampleRecipients);
  for (const [, platform] of await allPlatforms()) {
    const { vaults, backups, sealing } = platform;
    const named = [
      ...Object.values(vaults).map(({ initialize }) => initialize?.holders),
      backups?.holders,
      sealing?.keyBackups?.holders,
    ].flatMap((holders = {}) => Object.keys(holders));
    assert.equal(exampleHolders(platform).length, named.length);
  }
});
