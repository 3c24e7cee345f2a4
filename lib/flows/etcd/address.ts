import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import type { EtcdAddress } from "../../etcd/client.ts";
import { clusterFolder, defaultClusterName, localFolders } from "../../local/paths.ts";

/** Which etcd is meant. */
export interface EtcdRequest {
  /** URL of its HTTP interface. @default that of k3s on this host where there is one, else that of the embedded cluster */
  etcd?: string;
  /** Path of a file with the authority of its certificate, in PEM. @default that of k3s */
  etcdCa?: string;
  /** Path of a file with the certificate that it asks of clients. @default that of k3s */
  etcdCert?: string;
  /** Path of a file with the key of that certificate. @default that of k3s */
  etcdKey?: string;
  /** Name of the embedded cluster whose etcd is meant. */
  cluster?: string;
}

/** An etcd, and how it is called. */
export interface ChosenEtcd {
  /** Where it is. */
  address: EtcdAddress;
  /** Its name in a store: `k3s`, or that of the embedded cluster. */
  name: string;
}

/** Where k3s keeps what a client of its etcd needs. Source: k3s, "Advanced Options", Using etcdctl. */
const k3sFolder = "/var/lib/rancher/k3s/server/tls/etcd";
/** k3s serves HTTP apart from gRPC. Source: k3s, pkg/etcd, ListenClientHTTPURLs. */
const k3sUrl = "https://127.0.0.1:2382";

/**
 * The etcd that is meant: the one that is named; else that of k3s on this host; else that of the embedded cluster.
 *
 * @throws {UsageError} when a file of its certificates cannot be read
 */
export async function chooseEtcd(request: EtcdRequest, context: Context): Promise<ChosenEtcd> {
  const { etcd, cluster } = request;
  const hasK3s = await Deno.stat(k3sFolder).then(() => true, () => false);
  if (cluster !== undefined || (etcd === undefined && !hasK3s)) {
    const name = cluster ?? defaultClusterName;
    const folder = clusterFolder(localFolders(context.env).stateDir, name);
    // The socket's name has a port, as the URL that etcd was given.
    return { address: { url: "http://etcd", socket: `${folder}/etcd/client.sock:0` }, name };
  }
  const url = URL.parse(etcd ?? k3sUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`Cannot use --etcd ${etcd}: it is no URL of http or https`, {
      remedy: `name its HTTP interface, such as ${k3sUrl}`,
    });
  }
  const isTls = url.protocol === "https:";
  const read = async (given: string | undefined, usual: string) => {
    const path = given ?? (hasK3s && isTls ? `${k3sFolder}/${usual}` : undefined);
    return path === undefined ? undefined : await textOf(resolve(context.cwd, path));
  };
  const [ca, cert, key] = [
    await read(request.etcdCa, "server-ca.crt"),
    await read(request.etcdCert, "client.crt"),
    await read(request.etcdKey, "client.key"),
  ];
  if (key !== undefined) context.redactor.add(key);
  return {
    address: {
      url: url.origin,
      ...ca === undefined ? {} : { caCerts: [ca] },
      ...cert === undefined ? {} : { cert },
      ...key === undefined ? {} : { key },
    },
    name: etcd === undefined ? "k3s" : url.host,
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new UsageError(`Cannot read what a client of etcd needs: ${messageOf(cause)}`, {
      remedy: "run this as root on a server of the cluster, or name readable files",
      cause,
    });
  }
}
