import { resolve } from "node:path";
import { vaultConfig } from "../../../manifests/components/secrets/vault_config.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import type { Vault } from "../../platform/types.ts";

const folders = { config: "/etc/vault.d", data: "/var/lib/vault" } as const;

/**
 * Write what the host of a Vault outside of the cluster needs: its configuration, and a systemd unit that gives it no
 * more rights than it uses. Neither holds a secret.
 *
 * @throws {UsageError} when the Vault is not outside
 */
export async function writeHostFiles(
  out: string,
  name: string,
  declared: Vault,
  { cwd, emit }: Pick<Context, "cwd" | "emit">,
): Promise<void> {
  if (declared.outside === undefined) {
    throw new UsageError(
      `Cannot write the files of a host for the Vault ${name}: the cluster runs its servers`,
      { remedy: "leave --out away" },
    );
  }
  const folder = resolve(cwd, out);
  const files = hostFiles(name, declared.outside.address);
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${file}`, text);
    }
  } catch (cause) {
    throw new UsageError(`Cannot write the files of a host into ${out}: ${messageOf(cause)}`, {
      remedy: "name a folder that you may write to with --out; it is made where it is not there",
      cause,
    });
  }
  emit({
    type: "note",
    level: "info",
    message: `${Object.keys(files).join(" and ")} are in ${folder}`,
    remedy:
      `on the host: put vault.hcl into ${folders.config} and vault.service into /etc/systemd/system, make the user vault, and run systemctl enable --now vault`,
  });
}

/** The files, by name. Source: systemd.exec(5) for what the unit gives up. */
export function hostFiles(name: string, address: string): Record<string, string> {
  const url = new URL(address);
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const tls = url.protocol === "https:"
    ? {
      certFile: `${folders.config}/tls/tls.crt`,
      keyFile: `${folders.config}/tls/tls.key`,
      caFile: `${folders.config}/tls/ca.crt`,
    }
    : undefined;
  return {
    "vault.hcl": vaultConfig({
      address: `[::]:${port}`,
      clusterAddress: `[::]:${port + 1}`,
      dataFolder: folders.data,
      nodeId: name,
      apiAddress: url.origin,
      clusterApiAddress: `https://${url.hostname}:${port + 1}`,
      tls,
      servers: [],
    }),
    "vault.service": unit(name, port),
  };
}

function unit(name: string, port: number): string {
  return `[Unit]
Description=Vault ${name}
Documentation=https://developer.hashicorp.com/vault/docs
Wants=network-online.target
After=network-online.target
ConditionFileNotEmpty=${folders.config}/vault.hcl

[Service]
Type=notify
User=vault
Group=vault
ExecStart=/usr/bin/vault server -config=${folders.config}/vault.hcl
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=5
KillSignal=SIGINT
TimeoutStopSec=30
LimitNOFILE=65536
LimitCORE=0
StateDirectory=vault
StateDirectoryMode=0700
MemorySwapMax=0
NoNewPrivileges=yes
CapabilityBoundingSet=${port < 1024 ? "CAP_NET_BIND_SERVICE" : ""}
AmbientCapabilities=${port < 1024 ? "CAP_NET_BIND_SERVICE" : ""}
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}
