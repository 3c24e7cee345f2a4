import { makeCertificate } from "../../lib/core/certificate.ts";
import type { Context } from "../../lib/core/context.ts";
import { desiredVault } from "../../lib/flows/vault/desired.ts";
import { loadPlatform } from "../../lib/platform/load.ts";
import type { Platform } from "../../lib/platform/types.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import type { DesiredVault } from "../../lib/vault/configure/desired.ts";
import { initialize } from "../../lib/vault/initialize.ts";
import { leaderStatus } from "../../lib/vault/status.ts";
import { giveShare } from "../../lib/vault/unseal.ts";
import { type TestContext, testContext } from "../context.ts";
import { type VaultProcess, type VaultProcessOptions, withVault } from "./vault_process.ts";

/** An unsealed Vault of a test, and a client with its root token. */
export interface RootedVault {
  /** Its process. */
  vault: VaultProcess;
  /** May do everything. */
  root: VaultClient;
  /** The root token. */
  rootToken: string;
}

/** Give a test a real Vault that is unsealed. */
export async function withRootedVault(
  work: (rooted: RootedVault) => Promise<void>,
  options: VaultProcessOptions = {},
): Promise<void> {
  await withVault(async (vault) => {
    const { signal } = new AbortController();
    const { shares, rootToken } = await initialize(
      vault.client,
      { shares: 1, threshold: 1, autoUnseal: false, redactor: vault.redactor, signal },
    );
    await giveShare(vault.client, shares[0]!, { signal });
    const deadline = performance.now() + 10_000;
    while ((await leaderStatus(vault.client, { signal })).isLeader !== true) {
      if (performance.now() > deadline) throw new Error("Vault has no leader after 10 s");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await work({ vault, root: vault.client.withToken(rootToken), rootToken });
  }, options);
}

/** A context whose questions are answered by what is asked. */
export function answeringContext(changes: Partial<Context> = {}): TestContext {
  return testContext({
    askSecret: (question) => Promise.resolve(`answer to: ${question}`),
    ...changes,
  });
}

/** The platform of a name, as its file has it. */
export async function platformOf(name: string, environment: string): Promise<Platform> {
  const file = new URL(`../../manifests/platforms/${name}/platform.yaml`, import.meta.url);
  return loadPlatform(await Deno.readTextFile(file), { file: name, environment });
}

/** What is to be in a Vault of a platform, with an audit device that writes into a file. */
export async function desiredInTest(
  platform: Platform,
  name: string,
  auditFile: string,
): Promise<DesiredVault> {
  const notBefore = Temporal.Now.instant();
  const { cert } = await makeCertificate({
    commonName: "cluster",
    notBefore,
    notAfter: notBefore.add({ hours: 1 }),
  });
  // No pod: it cannot have the authority of one.
  const kubernetes = { host: "https://127.0.0.1:6443", caCert: cert };
  return {
    ...desiredVault(platform, name, { kubernetes }),
    audit: [{ path: "file", type: "file", options: { file_path: auditFile } }],
  };
}

/** The requests that wrote, since a line of the audit log. Source: Vault, "Audit devices", format. */
export async function writesIn(
  auditFile: string,
  fromLine = 0,
): Promise<{ operation: string; path: string }[]> {
  const lines = await auditLines(auditFile);
  return lines.slice(fromLine)
    .map((line) =>
      JSON.parse(line) as { type: string; request: { operation: string; path: string } }
    )
    .filter(({ type, request }) =>
      type === "request" && ["create", "update", "patch", "delete"].includes(request.operation)
    )
    .map(({ request }) => ({ operation: request.operation, path: request.path }));
}

/** The lines of an audit log. */
export async function auditLines(auditFile: string): Promise<string[]> {
  return (await Deno.readTextFile(auditFile)).trim().split("\n");
}
