import { type ClickHouse, createClickHouse } from "../../clickhouse/client.ts";
import { ClickHouseError } from "../../clickhouse/errors.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { readSetting, readSettingFile } from "../../core/setting.ts";
import type { Platform } from "../../platform/types.ts";
import type { ChosenJob } from "../backup/job.ts";

/** Which ClickHouse is meant, and how it is reached. */
export interface ClickHouseRequest {
  /** One of the platform's `externalServices`. @default the one that the job covers */
  server?: string;
  /** Name that its backups have. @default the platform's, else its host */
  storedAs?: string;
  /** URL of its HTTP interface. @default CLICKHOUSE_URL in the environment, or as the job or the platform says */
  connection?: string;
}

/** A ClickHouse that answers. */
export interface ClickHousePlace {
  /** Name that its backups have. */
  name: string;
  /** What messages call it, such as `clickhouse at http://10.0.0.5:8123`. */
  label: string;
  /** The way to it. */
  server: ClickHouse;
  /** Its version. */
  version: string;
  /** Close connections. */
  [Symbol.dispose](): void;
}

/** From which release on ClickHouse has all that is asked of it, and hides keys of S3 in what it logs. */
const oldest = [23, 3] as const;

/**
 * Find the ClickHouse that is meant, as CLICKHOUSE_USER with CLICKHOUSE_PASSWORD, or as files that the variables with
 * `_FILE` name; CLICKHOUSE_CA_FILE names an authority of its certificate. Of several servers of a platform it is the
 * first that answers, and none other: each knows only of its own backups.
 *
 * @throws {UsageError} when it is not clear which one is meant, or it is too old
 * @throws {ClickHouseError} when none answers
 */
export async function openClickHouse(
  request: ClickHouseRequest,
  { platform, job }: {
    platform?: Platform | undefined;
    job?: Pick<ChosenJob, "covers" | "connection">;
  },
  context: Context,
): Promise<ClickHousePlace> {
  const name = request.server ??
    job?.covers.find(({ section }) => section === "externalServices")?.name;
  const given = request.connection ?? await readSetting("CLICKHOUSE_URL", context) ??
    job?.connection;
  const urls = given === undefined ? urlsOf(name, platform) : [given];
  const [user, password, caCert] = await Promise.all([
    readSetting("CLICKHOUSE_USER", context),
    readSetting("CLICKHOUSE_PASSWORD", context),
    readSettingFile("CLICKHOUSE_CA_FILE", context),
  ]);
  const login = Object.fromEntries(
    Object.entries({ user, password, caCert }).filter(([, value]) => value !== undefined),
  );
  let failure: unknown;
  for (const url of urls) {
    const server = createClickHouse({ ...login, url }, context);
    try {
      const [row] = await server.query("SELECT version() AS version", context);
      const version = String(row?.["version"] ?? "");
      checkVersion(version, url);
      return {
        name: request.storedAs ?? name ?? new URL(server.url).host,
        label: name === undefined ? server.url : `${name} at ${server.url}`,
        server,
        version,
        [Symbol.dispose]: () => server.close(),
      };
    } catch (error) {
      server.close();
      if (!(error instanceof ClickHouseError) || !error.retryable) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function urlsOf(name: string | undefined, platform: Platform | undefined): string[] {
  const remedy =
    "name the URL of its HTTP interface with --connection http://clickhouse:8123, or as CLICKHOUSE_URL in the environment";
  if (name === undefined || platform === undefined) {
    throw new UsageError("Cannot tell which ClickHouse is meant: none is named", { remedy });
  }
  const found = platform.externalServices[name];
  if (found === undefined) {
    throw new UsageError(
      `Cannot find the ClickHouse ${name}: the platform ${platform.name} has no such externalServices`,
      { remedy },
    );
  }
  const { addresses = [], dnsName, namespace, ports } = found;
  const scheme = ports["http"] === undefined ? "https" : "http";
  const port = ports[scheme];
  if (port === undefined) {
    throw new UsageError(
      `Cannot reach the ClickHouse ${name}: externalServices.${name}.ports has neither http nor https`,
      { remedy: `add ports: { http: 8123 } there, or ${remedy}` },
    );
  }
  const hosts = addresses.length > 0 ? addresses : [dnsName ?? `${name}.${namespace}.svc`];
  return hosts.map((host) => `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`);
}

function checkVersion(version: string, url: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new UsageError(
    `Cannot back up the ClickHouse at ${url}: it is ${version}, wanted ${
      oldest.join(".")
    } or newer`,
    {
      remedy: "older releases write keys of S3 into their logs: bring the server up to date first",
    },
  );
}
