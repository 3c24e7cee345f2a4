import { UsageError } from "../core/errors.ts";

/** How a connection is protected. There is no `prefer`: it would let anybody in between turn TLS off. */
export type TlsMode = "disable" | "require" | "verify-ca" | "verify-full";

/** Where a database is, without any password. */
export interface PostgresTarget {
  /** Host name or address to connect to, or the folder of the server's socket. */
  host: string;
  /** TCP port. */
  port: number;
  /** Name of the database. */
  database: string;
  /** Role that the URL names. */
  user?: string;
  /** How the connection is protected. */
  tls: PostgresTls;
}

/** What is verified of the server, and shown to it. */
export interface PostgresTls {
  /** How much of it. */
  mode: TlsMode;
  /** Name that the server's certificate must be for, where it is not that of the host. */
  serverName?: string;
  /** Authority of the server's certificate, in PEM; public ones are trusted besides. */
  caCert?: string;
  /** Certificate of the client, in PEM. */
  cert?: string;
  /** Key of the client's certificate, in PEM. */
  key?: string;
}

/** Files that a URL names. */
export interface PostgresFiles {
  /** Authority of the server's certificate. */
  sslrootcert?: string;
  /** Certificate of the client. */
  sslcert?: string;
  /** Key of the client's certificate. */
  sslkey?: string;
}

/** All modes, the weakest first. */
export const tlsModes: readonly string[] = ["disable", "require", "verify-ca", "verify-full"];
const parameters = ["sslmode", "sslrootcert", "sslcert", "sslkey", "sslservername"];

/**
 * Read the URL of a database, such as `postgresql://app@db.example.org:5432/shop?sslmode=verify-full`. Without
 * `sslmode` it is `verify-full`, and `disable` on loopback, where a forwarded port ends. `sslservername` is the name
 * that the certificate must be for where the way to the server has another one. A host such as `%2Fvar%2Frun%2Fpostgresql`
 * is the folder of a socket. Source: PostgreSQL, "Connection URIs".
 *
 * @throws {UsageError} when it is malformed, or has a password in it
 */
export function parseDatabaseUrl(text: string): { target: PostgresTarget; files: PostgresFiles } {
  const url = URL.parse(text);
  if (url?.password) {
    throw new UsageError("Cannot use the URL of a database that has a password in it", {
      remedy: "leave the password out: everybody on this machine can read command lines",
    });
  }
  const wrong = (what: string) =>
    new UsageError(`Cannot use "${text}" as the URL of a database: ${what}`, {
      remedy: "write it as postgresql://role@host:5432/database?sslmode=verify-full",
    });
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "") {
    throw wrong("it is none");
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  const unknown = [...url.searchParams.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) throw wrong(`it has the parameter ${unknown}`);
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, "");
  const mode = url.searchParams.get("sslmode") ?? (isLoopback(host) ? "disable" : "verify-full");
  if (!tlsModes.includes(mode)) throw wrong(`sslmode is ${mode}, wanted ${tlsModes.join(", ")}`);
  const user = decodeURIComponent(url.username);
  const given = (name: string) => {
    const value = url.searchParams.get(name);
    return value === null ? {} : { [name]: value };
  };
  const serverName = url.searchParams.get("sslservername");
  return {
    target: {
      host,
      port: Number(url.port === "" ? 5432 : url.port),
      database: database === "" ? "postgres" : database,
      ...(user === "" ? {} : { user }),
      tls: { mode: mode as TlsMode, ...(serverName === null ? {} : { serverName }) },
    },
    files: { ...given("sslrootcert"), ...given("sslcert"), ...given("sslkey") },
  };
}

/** How messages name a database. */
export function nameOfTarget(target: PostgresTarget): string {
  return `${target.database} at ${nameOfServer(target)}`;
}

/** How messages name a server: `db.example.org:5432`. */
export function nameOfServer({ host, port }: Pick<PostgresTarget, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether a host is this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.|^\//.test(host);
}
