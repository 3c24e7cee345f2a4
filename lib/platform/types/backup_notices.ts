import type { SecretKey } from "./container.ts";

/** Who is told of the runs of backup jobs. URLs that let anyone speak in one's name are kept in Secrets. */
export interface BackupNotices {
  /** URL of a check that is pinged at the start, at the end, and on failure. Source: healthchecks.io, "Pinging API". */
  ping?: SecretKey;
  /** URL that is sent each outcome as JSON. */
  webhook?: SecretKey;
  /** Incoming webhook of Slack, or of what understands it. Source: Slack, "Sending messages using incoming webhooks". */
  slack?: SecretKey;
  /** URL of a Prometheus Pushgateway. */
  pushgateway?: string;
}
