import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { dataPorts } from "../../platform/data_names.ts";
import type { LoginSecret, Platform } from "../../platform/types.ts";
import {
  type PostgresFiles,
  type PostgresTarget,
  type TlsMode,
  tlsModes,
} from "../../postgres/target.ts";

/** A Postgres of a platform, as pods reach it. */
export interface ServiceTarget {
  /** Its Service. */
  target: PostgresTarget;
  /** Files of certificates that libpq's variables name. */
  files: PostgresFiles;
  /** Secret with its superuser. */
  secret?: LoginSecret;
}

/** Which one is meant, and from where it is reached. */
export interface ServiceChoice {
  /** Section of the platform. */
  section: "postgres" | "externalServices";
  /** Its name there. */
  name: string;
  /** Namespace of the pod that reaches it; names without a namespace are enough there, as certificates have them. */
  from?: string | undefined;
}

/**
 * How pods reach a Postgres of a platform. libpq's own variables say which TLS is wanted where the platform does not;
 * nothing in them says which server it is. Source: PostgreSQL, libpq "Environment Variables".
 *
 * @throws {UsageError} when PGSSLMODE wants less than it can get
 */
export function serviceTarget(
  platform: Platform,
  { section, name, from }: ServiceChoice,
  { env, cwd }: Pick<Context, "env" | "cwd">,
): ServiceTarget {
  const found = section === "postgres"
    ? inCluster(platform.postgres[name]!, name)
    : outside(platform.externalServices[name]!, name);
  const { service, namespace, port, database, secret } = found;
  const mode = env("PGSSLMODE") || found.mode;
  if (!tlsModes.includes(mode)) {
    throw new UsageError(`Cannot use PGSSLMODE ${mode}, wanted ${tlsModes.join(", ")}`);
  }
  const file = (variable: string, key: keyof PostgresFiles) => {
    const path = env(variable);
    return path === undefined || path === "" ? {} : { [key]: resolve(cwd, path) };
  };
  return {
    target: {
      host: from === namespace ? service : `${service}.${namespace}.svc`,
      port,
      database,
      tls: { mode: mode as TlsMode },
    },
    files: {
      ...file("PGSSLROOTCERT", "sslrootcert"),
      ...file("PGSSLCERT", "sslcert"),
      ...file("PGSSLKEY", "sslkey"),
    },
    ...secret === undefined ? {} : { secret },
  };
}

interface Found {
  service: string;
  namespace: string;
  port: number;
  database: string;
  mode: TlsMode;
  secret?: LoginSecret;
}

/** Sources: Postgres Operator, "Connect to PostgreSQL"; CloudNativePG, "Service Management". */
function inCluster(declared: Platform["postgres"][string], name: string): Found {
  const { namespace, kind } = declared;
  const shared = { namespace, port: dataPorts.postgres };
  switch (kind) {
    case "statefulset": {
      const { tls, database, secret } = declared;
      const mode = tls === undefined ? "disable" : "verify-full";
      return { ...shared, service: name, database, mode, secret };
    }
    // Its operator signs certificates with themselves, so that there is nothing to verify them with.
    case "zalando":
      return { ...shared, service: name, database: "postgres", mode: "require" };
    case "cnpg":
      return { ...shared, service: `${name}-rw`, database: "postgres", mode: "verify-full" };
  }
}

function outside(declared: Platform["externalServices"][string], name: string): Found {
  const { namespace, ports } = declared;
  const port = ports["postgres"] ?? Object.values(ports)[0] ?? dataPorts.postgres;
  return { service: name, namespace, port, database: "postgres", mode: "verify-full" };
}
