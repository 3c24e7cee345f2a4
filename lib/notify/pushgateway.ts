import { mapConcurrently } from "../core/concurrency.ts";
import { expositionText, type Sample } from "./exposition.ts";
import { send, type SendOptions } from "./send.ts";

/** How many groups are sent at once. */
const parallel = 4;

/**
 * Send samples to a Prometheus Pushgateway. Those of the same labels are one group there, so that one source's values
 * never replace those of another.
 * Source: Prometheus Pushgateway, README, "API".
 *
 * @throws {NotTold} when it does not take them
 */
export async function pushMetrics(
  url: string,
  samples: readonly Sample[],
  options: SendOptions,
): Promise<void> {
  const groups = Map.groupBy(samples, ({ labels }) => groupPath(labels));
  await mapConcurrently([...groups], parallel, async ([path, group]) => {
    await send({
      url: `${url.replace(/\/+$/, "")}/metrics/job/slipway${path}`,
      receiver: "the Pushgateway",
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      // The group's labels are added there.
      body: expositionText(group.map((sample) => ({ ...sample, labels: {} }))),
    }, options);
  });
}

/** Values are in base64, as they may have slashes; an empty one would be a single `=`, and is the same as none. */
function groupPath(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).filter(([, value]) => value !== "").map(([label, value]) => {
    const encoded = new TextEncoder().encode(value).toBase64({ alphabet: "base64url" });
    return `/${label}@base64/${encoded}`;
  }).join("");
}
