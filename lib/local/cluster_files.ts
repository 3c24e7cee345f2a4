import { ensureCertificates } from "./certificates.ts";
import { auditPolicy, encryptionConfig, kubeconfig } from "./configs.ts";
import { exists, makePrivateFolder, writePrivate, writePrivateIfChanged } from "./files.ts";

/** Where a cluster keeps what others ask for. */
export function kubeconfigPath(folder: string): string {
  return `${folder}/kubeconfig`;
}

/** Where the API server of a cluster writes its audit log. */
export function auditLogPath(folder: string): string {
  return `${folder}/logs/audit.log`;
}

/** What {@linkcode prepareFiles} goes by. */
export interface FilesInput {
  /** Folder of the cluster. */
  folder: string;
  /** Name of the cluster. */
  name: string;
  /** URL of the API server. */
  server: string;
  /** Configuration of kwok: its stages. */
  kwokConfig: string;
  /** The time now. */
  now: Temporal.Instant;
}

/** Make the folders of a cluster. */
export async function prepareFolders(folder: string): Promise<void> {
  for (const part of ["certs", "etcd", "kubeconfigs", "logs"]) {
    await makePrivateFolder(`${folder}/${part}`);
  }
}

/** Write what the processes of a cluster read. What stands there and is right is left alone. */
export async function prepareFiles(input: FilesInput): Promise<void> {
  const { folder, name, server, now } = input;
  const certs = `${folder}/certs`;
  await ensureCertificates(certs, now);
  const authority = await Deno.readTextFile(`${certs}/ca.crt`);
  const writeKubeconfig = async (path: string, user: string) => {
    const [certificate, key] = await Promise.all([
      Deno.readTextFile(`${certs}/${user}.crt`),
      Deno.readTextFile(`${certs}/${user}.key`),
    ]);
    await writePrivateIfChanged(
      path,
      kubeconfig({ cluster: `slipway-${name}`, server, authority, certificate, key }),
    );
  };
  for (const user of ["controller-manager", "scheduler", "kwok", "node-agent"]) {
    await writeKubeconfig(`${folder}/kubeconfigs/${user}.yaml`, user);
  }
  await writeKubeconfig(kubeconfigPath(folder), "admin");
  // The key is made once: without it the Secrets in etcd could not be read any more.
  if (!await exists(`${folder}/encryption.yaml`)) {
    const key = crypto.getRandomValues(new Uint8Array(32));
    await writePrivate(`${folder}/encryption.yaml`, encryptionConfig(key));
  }
  await writePrivateIfChanged(`${folder}/audit-policy.yaml`, auditPolicy);
  await writePrivateIfChanged(`${folder}/kwok.yaml`, input.kwokConfig);
}
