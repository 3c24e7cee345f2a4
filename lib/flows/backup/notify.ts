import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import { readSetting } from "../../core/setting.ts";
import { writeMetricsFile } from "../../notify/metrics_file.ts";
import { pushMetrics } from "../../notify/pushgateway.ts";
import { ping, postJson, postToSlack } from "../../notify/receivers.ts";
import type { SendOptions } from "../../notify/send.ts";
import { noticeSettings } from "../../platform/backups.ts";
import { metricsOf } from "./metrics.ts";
import { reportJson, reportText } from "./report_text.ts";
import type { RunReport } from "./run_report.ts";

export type { NotifiedBackup, RunReport, RunState } from "./run_report.ts";

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
  /** File that is written when a failure was told, and all heard it: by it a host's failure unit knows that it need not. */
  toldFile?: string;
  /** Longest time that one try to tell may take, in milliseconds. @default 10_000 */
  timeoutMs?: number;
}

/** Whoever interrupts a run waits no longer for what it still has to tell, in milliseconds. */
const lastWordsMs = 5_000;

/**
 * What the environment says of notifications: `SLIPWAY_PING_URL`, `SLIPWAY_WEBHOOK_URL`, `SLIPWAY_SLACK_URL`,
 * `SLIPWAY_PUSHGATEWAY_URL`, each also as a file that holds it, by the same name with `_FILE`, and
 * `SLIPWAY_METRICS_FILE` and `SLIPWAY_TOLD_FILE`. The redactor knows the URLs when this returns.
 *
 * @throws {UsageError} when one of them is no URL, or its file cannot be read
 */
export async function readNotifySettings(
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<NotifySettings> {
  const settings: NotifySettings = {};
  for (const [receiver, variable] of Object.entries(noticeSettings)) {
    const url = await readSetting(variable, context);
    if (url === undefined) continue;
    context.redactor.add(url);
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
      throw new UsageError(`Cannot use what ${variable} says: it is no URL of http or https`, {
        remedy: `correct ${variable}, or the file that ${variable}_FILE names`,
      });
    }
    settings[receiver as keyof typeof noticeSettings] = url;
  }
  const pathOf = (variable: string) => {
    const path = context.env(variable) ?? "";
    return path === "" ? undefined : resolve(context.cwd, path);
  };
  const [metricsFile, toldFile] = ["SLIPWAY_METRICS_FILE", "SLIPWAY_TOLD_FILE"].map(pathOf);
  return {
    ...settings,
    ...metricsFile === undefined ? {} : { metricsFile },
    ...toldFile === undefined ? {} : { toldFile },
  };
}

/**
 * Tell of a run, everywhere at once, and write its metrics. A check is pinged when it begins and when it has ended; the
 * others hear of its end. What cannot be told is a warning: no backup fails for it. Never throws.
 */
export async function notifyRun(
  settings: NotifySettings,
  report: RunReport,
  context: Pick<Context, "emit" | "now" | "signal" | "random" | "redactor">,
): Promise<void> {
  const { emit, now, signal, random, redactor } = context;
  const endedAt = now();
  const runId = runIdOf(report);
  const options: SendOptions = {
    random,
    ...signal.aborted ? { signal: AbortSignal.timeout(lastWordsMs), attempts: 1 } : { signal },
    ...settings.timeoutMs === undefined ? {} : { timeoutMs: settings.timeoutMs },
  };
  // Made where it is sent, so that what goes wrong with it is a warning too.
  const text = () => redactor.redact(reportText(report));
  const ended = report.state !== "start";
  let heard = true;
  const tell = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      heard = false;
      const remedy = error instanceof SlipwayError ? error.remedy : undefined;
      emit({
        type: "note",
        level: "warning",
        message: messageOf(error),
        ...remedy === undefined ? {} : { remedy },
      });
    }
  };
  const { ping: check, webhook, slack, pushgateway, metricsFile } = settings;
  const state = report.state === "partly" ? "fail" : report.state;
  const works: (() => Promise<void>)[] = [
    ...check === undefined ? [] : [() => ping(check, { state, runId, text: text() }, options)],
    ...ended && webhook !== undefined
      ? [
        () =>
          postJson(webhook, redacted(reportJson(report, { runId, endedAt }), redactor), options),
      ]
      : [],
    ...ended && slack !== undefined ? [() => postToSlack(slack, text(), options)] : [],
    ...ended && pushgateway !== undefined
      ? [() => pushMetrics(pushgateway, metricsOf(report, endedAt), options)]
      : [],
    ...ended && metricsFile !== undefined
      ? [() => writeMetricsFile(metricsFile, metricsOf(report, endedAt))]
      : [],
  ];
  await Promise.all(works.map(tell));
  const { toldFile } = settings;
  if (!ended || report.state === "success" || !heard || toldFile === undefined) return;
  await tell(() => Deno.writeTextFile(toldFile, `${endedAt}\n`));
}

/** A UUID that the notifications of one run share. Source: RFC 9562, section 5.8, version 8. */
function runIdOf({ task, job = "", startedAt }: RunReport): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([task, job, startedAt.toString()]))
    .digest("hex");
  const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** A value without secrets in any of its texts. */
function redacted(value: unknown, redactor: Context["redactor"]): unknown {
  if (typeof value === "string") return redactor.redact(value);
  if (Array.isArray(value)) return value.map((each) => redacted(each, redactor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, redacted(each, redactor)]),
  );
}
