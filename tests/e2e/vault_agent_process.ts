import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { lastLines, startProcess, stopProcess } from "../../lib/local/process.ts";
import type { Postgres, VaultAgent } from "../../lib/platform/types.ts";
import { vaultAgentAnnotations } from "../../manifests/components/workload/vault_agent.ts";
import { vaultProgram } from "./vault_program.ts";

/** A real Vault Agent that gets what the injector gives its own. */
export interface AgentOptions {
  /** URL of Vault. */
  address: string;
  /** What the platform says of the agent. */
  agent: VaultAgent;
  /** Its role id. */
  roleId: string;
  /** Its secret id. */
  secretId: string;
  /** What of the templates is said otherwise. */
  ttl: { from: string; to: string };
}

/** What an agent has done. */
export interface AgentGround {
  /** The files that it renders. */
  files: {
    /** The text of a file, once it is as wanted. */
    until(name: string, isWanted: (text: string) => boolean): Promise<string>;
    /** Mode of a file. */
    mode(name: string): Promise<number>;
    /** Wait until a program was told to read its files again more often than before. */
    reloadedAfter(count: number): Promise<void>;
    /** Wait until a certificate and a key belong together. */
    keyFits(certificate: string, key: string): Promise<void>;
  };
  /** How often the program was told to read its files again. */
  reloads(): Promise<number>;
}

/** The agent of a Postgres server. */
export function agentOf(postgres: Postgres): VaultAgent {
  const agent = postgres.kind === "statefulset" ? postgres.tls?.vaultAgent : undefined;
  assert.ok(agent, "Postgres has an agent");
  return agent;
}

const annotation = "vault.hashicorp.com/";

/**
 * Start a real agent with what is rendered for the injector: its way of login, templates, modes and commands. In place
 * of Postgres, a process counts the signals that it gets.
 */
export async function withVaultAgent(
  { address, agent, roleId, secretId, ttl }: AgentOptions,
  work: (ground: AgentGround) => Promise<void>,
): Promise<void> {
  const program = await vaultProgram();
  const folder = await Deno.makeTempDir({ prefix: "slipway-agent-" });
  const secrets = `${folder}/secrets`;
  await Deno.mkdir(secrets);
  await Deno.writeTextFile(`${folder}/role-id`, roleId, { mode: 0o600 });
  await Deno.writeTextFile(`${folder}/secret-id`, secretId, { mode: 0o600 });
  await Deno.writeTextFile(`${folder}/reloads`, "");
  await new Deno.Command("mkfifo", { args: [`${folder}/fifo`] }).output();
  // Signals that come while one is worked in are lost, as they are for any program.
  const reader = await startProcess({
    command: [
      "sh",
      "-c",
      'trap "echo reloaded >> reloads" HUP; echo ready > ready; while :; do read -r line < fifo; done',
    ],
    env: {},
    cwd: folder,
    logFile: `${folder}/reader.log`,
  });
  const annotations = vaultAgentAnnotations(agent, { user: 999, group: 999 });
  const of = (name: string) => annotations[`${annotation}${name}`];
  assert.equal(of("auth-type"), "approle");
  const templates = Object.keys(agent.files).map((name) => {
    const contents = of(`agent-inject-template-${name}`)!;
    const command = of(`agent-inject-command-${name}`);
    assert.equal(command, "pkill -HUP -o -x postgres");
    return {
      contents: contents.replace(ttl.from, ttl.to),
      destination: `${secrets}/${name}`,
      perms: of(`agent-inject-perms-${name}`),
      // The oldest process of that name on this machine may be somebody else's.
      command: `kill -HUP ${reader.pid}`,
      error_on_missing_key: false,
    };
  });
  await Deno.writeTextFile(
    `${folder}/agent.json`,
    JSON.stringify({
      vault: { address },
      auto_auth: {
        method: [{
          type: of("auth-type"),
          mount_path: of("auth-path"),
          config: {
            role_id_file_path: `${folder}/role-id`,
            secret_id_file_path: `${folder}/secret-id`,
            remove_secret_id_file_after_reading:
              of("auth-config-remove-secret-id-file-after-reading") !== "false",
          },
        }],
      },
      template: templates,
      // The agent counts in whole seconds, so at nine tenths of some seconds, its own choice, it may be too late.
      template_config: [{ lease_renewal_threshold: 0.5 }],
    }),
  );
  const running = await startProcess({
    command: [program, "agent", `-config=${folder}/agent.json`],
    env: { HOME: folder, PATH: Deno.env.get("PATH") ?? "" },
    cwd: folder,
    logFile: `${folder}/agent.log`,
  });
  const read = (name: string) => Deno.readTextFile(`${secrets}/${name}`).catch(() => "");
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const deadline = performance.now() + 20_000;
    while (!await isSo()) {
      if (performance.now() > deadline) {
        assert.fail(
          `${what}: not after 20 s\n${(await lastLines(`${folder}/agent.log`, 20)).join("\n")}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const reloads = async () => (await Deno.readTextFile(`${folder}/reloads`)).split("\n").length - 1;
  try {
    await work({
      files: {
        async until(name, isWanted) {
          let text = "";
          await until(name, async () => {
            text = await read(name);
            return text !== "" && isWanted(text);
          });
          return text;
        },
        mode: async (name) => (await Deno.stat(`${secrets}/${name}`)).mode! & 0o777,
        reloadedAfter: (count) => until("a reload", async () => await reloads() > count),
        keyFits: (certificate, key) =>
          until("certificate and key", async () => {
            const [pem, keyPem] = await Promise.all([read(certificate), read(key)]);
            if (pem === "" || keyPem === "") return false;
            const wanted = new X509Certificate(pem).publicKey.export({
              type: "spki",
              format: "pem",
            });
            const found = createPublicKey(createPrivateKey(keyPem))
              .export({ type: "spki", format: "pem" });
            return wanted === found;
          }),
      },
      reloads,
    });
  } finally {
    await stopProcess(running, { graceMs: 5_000 });
    await stopProcess(reader, { graceMs: 1_000 });
    await Promise.all([running.ended, reader.ended]);
    await Deno.remove(folder, { recursive: true });
  }
}
