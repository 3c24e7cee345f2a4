import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { messageOf, UsageError } from "../core/errors.ts";
import type { PostgresLogin } from "./connection.ts";
import { PostgresError } from "./errors.ts";
import type { PostgresFiles, PostgresTarget } from "./target.ts";

/** What libpq gets told by variables. */
export interface ClientOptions {
  /** Where the server is. */
  target: PostgresTarget;
  /** Who logs in. */
  login: PostgresLogin;
  /** Files of certificates, by their absolute paths: libpq takes no texts. */
  files: PostgresFiles;
  /** Major version of the client. */
  clientMajor: number;
}

/** Certificates of public authorities. Sources: Debian, Alpine; Fedora, RHEL; macOS, FreeBSD. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/**
 * Variables by which PostgreSQL's programs reach a server as the driver does. The password is among them, and never
 * among arguments, which everybody on this machine can read. Source: PostgreSQL, libpq "Environment Variables".
 *
 * @throws {UsageError} when public authorities are to be trusted, and this machine has none
 * @throws {PostgresError} when the host cannot be resolved
 */
export async function clientEnvironment(
  { target, login, files, clientMajor }: ClientOptions,
): Promise<Record<string, string>> {
  const { host, port, tls } = target;
  const name = tls.serverName ?? host;
  const rootCert = files.sslrootcert ??
    (tls.mode === "verify-full" || tls.mode === "verify-ca"
      ? await publicAuthorities(tls.mode === "verify-full" && clientMajor >= 16)
      : undefined);
  return {
    PGHOST: name,
    ...name === host ? {} : { PGHOSTADDR: await addressOf(host) },
    PGPORT: String(port),
    PGUSER: login.user,
    ...login.password === undefined ? {} : { PGPASSWORD: login.password },
    PGSSLMODE: tls.mode,
    ...rootCert === undefined ? {} : { PGSSLROOTCERT: rootCert },
    ...files.sslcert === undefined ? {} : { PGSSLCERT: files.sslcert },
    ...files.sslkey === undefined ? {} : { PGSSLKEY: files.sslkey },
    PGGSSENCMODE: "disable",
    PGCONNECT_TIMEOUT: "10",
    // What they say is read.
    LC_ALL: "C",
  };
}

/** `system` means what OpenSSL trusts, and wants the name to be checked too. Source: PostgreSQL 16, libpq "sslrootcert". */
async function publicAuthorities(knowsSystem: boolean): Promise<string> {
  if (knowsSystem) return "system";
  for (const path of bundles) {
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  throw new UsageError(
    "Cannot verify the certificate of the database's server: this machine has no list of public authorities",
    {
      remedy: "install ca-certificates, or name the server's authority with sslrootcert in the URL",
    },
  );
}

async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch (cause) {
    throw new PostgresError(`Cannot resolve the host ${host}: ${messageOf(cause)}`, {
      problem: "name-not-resolved",
      remedy: "name a host that is known here",
      cause,
    });
  }
}
