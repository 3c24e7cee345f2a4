import { createRedactor, type Redactor } from "../../lib/core/redact.ts";
import {
  lastLines,
  type StartedProcess,
  startProcess,
  stopProcess,
} from "../../lib/local/process.ts";
import { isAlive } from "../../lib/local/process_table.ts";
import { freePort } from "../../lib/local/ports.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { createVaultClient } from "../../lib/vault/http.ts";
import { makeCertificate } from "../../lib/core/certificate.ts";
import { hasProblem } from "../../lib/vault/errors.ts";
import { vaultProgram } from "./vault_program.ts";

/** How a Vault of a test is to be. */
export interface VaultProcessOptions {
  /** Serve HTTPS with an authority of its own, or with these. @default false */
  tls?: boolean | VaultProcessTls;
  /** Unsealed by another one's Transit engine. */
  seal?: { address: string; token: string; key: string; mountPath?: string; caCert?: string };
  /** Name in Raft. @default vault-0 */
  name?: string;
  /** Addresses of servers to join, as retry_join has them. */
  join?: readonly string[];
  /** Lines to add to its configuration. */
  config?: string;
  /** Environment variables to add to its own. */
  env?: Readonly<Record<string, string>>;
  /** Address of loopback. @default 127.0.0.1 */
  host?: string;
}

/** Certificate of a listener, all in PEM. */
export interface VaultProcessTls {
  /** Certificate. */
  cert: string;
  /** Its key. */
  key: string;
  /** Authority that signed it. */
  ca: string;
}

/** A real Vault, with Raft storage, on loopback. */
export interface VaultProcess {
  /** Name in Raft. */
  name: string;
  /** URL. */
  address: string;
  /** A client without a token. */
  client: VaultClient;
  /** Authority of its certificate, in PEM. */
  caCert: string | undefined;
  /** Folder with its configuration, data and log. */
  folder: string;
  /** Knows what its clients have learnt. */
  redactor: Redactor;
  /** Start it after it was stopped or killed, or else end it in order and start it again. */
  restart(changed?: Partial<VaultProcessOptions>): Promise<void>;
  /** End it as a crash would. */
  kill(): Promise<void>;
  /** End it in order. */
  stop(): Promise<void>;
  /** Remove its data while it is down. */
  wipe(): Promise<void>;
  /** Last lines of its log. */
  log(lines?: number): Promise<string[]>;
}

/** Give a test a real Vault that is not initialised yet; it and its data are gone afterwards. */
export async function withVault(
  work: (vault: VaultProcess) => Promise<void>,
  options: VaultProcessOptions = {},
): Promise<void> {
  await using vault = await startVault(options);
  await work(vault);
}

/** Start a real Vault that is not initialised yet. Disposing it ends it and removes its data. */
export async function startVault(
  options: VaultProcessOptions = {},
): Promise<VaultProcess & AsyncDisposable> {
  const program = await vaultProgram();
  const folder = await Deno.makeTempDir({ prefix: "slipway-vault-", dir: await memoryFolder() });
  await Deno.mkdir(`${folder}/data`);
  const { host = "127.0.0.1", name = "vault-0" } = options;
  const ports = { api: freePort(), cluster: freePort() };
  const tls = options.tls === true ? await serverCertificate([host, "localhost"]) : options.tls;
  const address = `${tls ? "https" : "http"}://${host}:${ports.api}`;
  const redactor = createRedactor();
  const caCert = tls ? tls.ca : undefined;
  const client = createVaultClient({ address, caCerts: caCert ? [caCert] : [], redactor });
  let running: StartedProcess | undefined;

  async function start(wanted: VaultProcessOptions): Promise<void> {
    const certificate = wanted.tls === true ? tls : wanted.tls;
    if (certificate) {
      await Deno.writeTextFile(`${folder}/tls.crt`, certificate.cert);
      await Deno.writeTextFile(`${folder}/tls.key`, certificate.key, { mode: 0o600 });
      await Deno.writeTextFile(`${folder}/ca.crt`, certificate.ca);
    }
    await Deno.writeTextFile(
      `${folder}/vault.hcl`,
      configOf({ ...wanted, name, host, folder, ports, tls: Boolean(certificate) }),
    );
    running = await startProcess({
      command: [program, "server", `-config=${folder}/vault.hcl`],
      env: { HOME: folder, ...sealEnvironment(wanted), ...wanted.env },
      cwd: folder,
      logFile: `${folder}/vault.log`,
    });
    let ended: string | undefined;
    running.ended.then((how) => ended = how);
    for (const deadline = performance.now() + 30_000; !await answers();) {
      if (ended === undefined && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      throw new Error(`Vault ${name}: ${ended ?? "no answer"}\n${(await log(20)).join("\n")}`);
    }
  }

  /** A certificate that is refused is an answer too. */
  async function answers(): Promise<boolean> {
    try {
      await client.ask("GET", "sys/health", { timeoutMs: 5_000 });
      return true;
    } catch (error) {
      return !hasProblem(error, "unreachable", "timed-out");
    }
  }

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    if (signal === "SIGTERM") await stopProcess(ending, { graceMs: 5_000 });
    else if (await isAlive(ending)) Deno.kill(ending.pid, signal);
    await ending.ended;
  }

  const log = (lines = 50) => lastLines(`${folder}/vault.log`, lines);
  const vault: VaultProcess & AsyncDisposable = {
    name,
    address,
    client,
    caCert,
    folder,
    redactor,
    async restart(changed = {}) {
      await end("SIGTERM");
      options = { ...options, ...changed };
      await start(options);
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    async wipe() {
      await Deno.remove(`${folder}/data`, { recursive: true });
      await Deno.mkdir(`${folder}/data`);
    },
    log,
    async [Symbol.asyncDispose]() {
      client.close();
      await end("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    },
  };
  try {
    await start(options);
  } catch (error) {
    await vault[Symbol.asyncDispose]();
    throw error;
  }
  return vault;
}

interface Configured extends VaultProcessOptions {
  name: string;
  host: string;
  folder: string;
  ports: { api: number; cluster: number };
  tls: boolean;
}

/** The token comes by the environment, as on a cluster. */
function sealEnvironment({ seal }: VaultProcessOptions): Record<string, string> {
  return seal === undefined ? {} : { VAULT_TOKEN: seal.token };
}

function configOf({ name, host, folder, ports, tls, seal, join = [], config }: Configured): string {
  const scheme = tls ? "https" : "http";
  return [
    "disable_mlock = true",
    `api_addr = "${scheme}://${host}:${ports.api}"`,
    `cluster_addr = "https://${host}:${ports.cluster}"`,
    'listener "tcp" {',
    `  address = "${host}:${ports.api}"`,
    `  cluster_address = "${host}:${ports.cluster}"`,
    ...(tls
      ? [`  tls_cert_file = "${folder}/tls.crt"`, `  tls_key_file = "${folder}/tls.key"`]
      : ["  tls_disable = true"]),
    "}",
    'storage "raft" {',
    `  path = "${folder}/data"`,
    `  node_id = "${name}"`,
    // Elections within a second instead of five: all servers of a test share one machine.
    "  performance_multiplier = 1",
    // A server gets its vote as soon as it may.
    '  autopilot_update_interval = "100ms"',
    '  autopilot_reconcile_interval = "200ms"',
    ...join.flatMap((leader) => [
      "  retry_join {",
      `    leader_api_addr = "${leader}"`,
      ...(tls ? [`    leader_ca_cert_file = "${folder}/ca.crt"`] : []),
      "  }",
    ]),
    "}",
    ...(seal === undefined ? [] : [
      'seal "transit" {',
      `  address = "${seal.address}"`,
      `  mount_path = "${seal.mountPath ?? "transit"}/"`,
      `  key_name = "${seal.key}"`,
      ...(seal.caCert === undefined ? [] : [`  tls_ca_cert = "${seal.caCert}"`]),
      "}",
    ]),
    ...(config === undefined ? [] : [config]),
    "",
  ].join("\n");
}

/** A certificate for these names, of an authority that nobody else has. */
export async function serverCertificate(
  names: readonly string[],
  from: Temporal.Instant = Temporal.Now.instant().subtract({ minutes: 1 }),
  until: Temporal.Instant = Temporal.Now.instant().add({ hours: 24 }),
): Promise<VaultProcessTls> {
  const authority = await makeCertificate({
    commonName: "slipway-test-ca",
    notBefore: from,
    notAfter: until,
  });
  const pair = await makeCertificate(
    { commonName: names[0]!, serverNames: names, notBefore: from, notAfter: until },
    authority,
  );
  return { ...pair, ca: authority.cert };
}

/** Raft syncs each write to the disk, which in memory costs nothing. */
async function memoryFolder(): Promise<string | undefined> {
  const info = await Deno.stat("/dev/shm").catch(() => undefined);
  return info?.isDirectory ? "/dev/shm" : undefined;
}
