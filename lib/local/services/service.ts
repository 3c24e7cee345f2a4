import { createHash } from "node:crypto";
import { UsageError } from "../../core/errors.ts";

/** One key of a Secret of the cluster. */
export interface SecretRef {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  secret: string;
  /** The key. */
  key: string;
}

/** Host names by which the services of a cluster find something, and the addresses of it. */
export type Hosts = Readonly<Record<string, readonly string[]>>;

/**
 * A program that runs beside an embedded cluster, as a pod of it would: with a service account of its own, and with
 * Secrets of the cluster, which it alone sees and which are kept in memory only. This is what is kept on disk of it.
 */
export interface Service {
  /** Its name, unique in the cluster: `vault-0`, `sealed-secrets`. */
  name: string;
  /** Path of the program, or the name of one that is pinned, which is then found at each start. */
  program: string;
  /** Its arguments, without secrets. */
  args: readonly string[];
  /** Its environment, without secrets. */
  env?: Readonly<Record<string, string>>;
  /** Variables from Secrets, read at each start. */
  secretEnv?: Readonly<Record<string, SecretRef>>;
  /** Files below /run, by path: their text, without secrets. */
  files?: Readonly<Record<string, string>>;
  /** Files below /run from Secrets, by path; they follow their Secrets whenever the service is converged. */
  secretFiles?: Readonly<Record<string, SecretRef>>;
  /** Signal that makes it read its files again. @default it does so by itself, or never */
  reload?: "SIGHUP";
  /** Service account whose token, CA and namespace it finds where a pod would. */
  account?: {
    /** Namespace of the account. */
    namespace: string;
    /** Name of the account. */
    name: string;
  };
  /** Names for all services of the cluster, as the cluster's DNS would give. */
  hosts?: Hosts;
  /** Its folder below the cluster's, which it is started in; made when it is missing. */
  folder: string;
  /** Where it listens once it is ready. */
  listensAt: {
    /** Address on loopback; see {@linkcode loopbackAddress}. */
    address: string;
    /** TCP port. */
    port: number;
  };
}

/** What a service is given when it starts, besides what is kept on disk of it: the secret part. */
export interface ServiceSecrets {
  /** Variables. */
  env: Readonly<Record<string, string>>;
  /** Bytes of files, by path. */
  files: Readonly<Record<string, Uint8Array>>;
}

/**
 * An address on loopback for one service, always the same for the same words, so that each can have the ports that
 * it has elsewhere. Source: RFC 6890, 127.0.0.0/8 is loopback.
 */
export function loopbackAddress(clusterId: string, name: string): string {
  const [a, b, c] = createHash("sha256").update(`${clusterId}/${name}`).digest();
  // 127.0.0.x is left to those who listen on the usual address; 0 and 255 are no hosts everywhere.
  return `127.${1 + a! % 254}.${b!}.${1 + c! % 254}`;
}

/**
 * Refuse a service whose files or names cannot be.
 *
 * @throws {UsageError} naming what is wrong
 */
export function checkService(service: Service): void {
  const refuse = (because: string) => {
    throw new UsageError(`Cannot run service ${service.name}: ${because}`);
  };
  if (!/^[a-z0-9]([a-z0-9.-]{0,118}[a-z0-9])?$/.test(service.name)) {
    refuse("wanted 1 to 120 lower-case letters, digits, inner hyphens and dots as its name");
  }
  for (const path of Object.keys({ ...service.files, ...service.secretFiles })) {
    const inside = /^\/run(\/[\w.-]+)+$/.test(path) && !path.split("/").includes("..");
    if (!inside) refuse(`${path} is no file below /run, where its memory is`);
  }
  for (const name of Object.keys({ ...service.env, ...service.secretEnv })) {
    if (!/^[A-Za-z_]\w*$/.test(name)) refuse(`"${name}" is no name of a variable`);
  }
  const parts = service.folder.split("/");
  if (parts.some((part) => !/^[\w-][\w.-]*$/.test(part))) {
    refuse(`${service.folder} is no folder below that of the cluster`);
  }
}
