import type { ClusterClient } from "../../core/cluster.ts";
import { type KubeObject, refOf } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";

/** Something that happened to an object. Source: core/v1 Event. */
export interface Occurrence {
  /** `Warning` for what somebody should see. */
  type: "Normal" | "Warning";
  /** Machine-readable reason. */
  reason: string;
  /** Readable message. */
  message: string;
  /** What noticed it, such as `kubelet`. */
  component: string;
  /** The node that noticed it. */
  host?: string;
}

/** Writes events about objects: each once. */
export type RecordEvent = (about: KubeObject, occurrence: Occurrence) => Promise<void>;

/** Make a recorder. An event's name is made of what it says, so that saying it again adds nothing. */
export function createEventRecorder(
  client: ClusterClient,
  now: () => Temporal.Instant,
): RecordEvent {
  const written = new Set<string>();
  return async (about, { type, reason, message, component, host }) => {
    const { uid = "", namespace = "default" } = about.metadata;
    const digest = await digestOf([uid, reason, message].join("\n"));
    if (written.has(digest)) return;
    const time = now().round("second").toString();
    try {
      await client.create({
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: `${about.metadata.name}.${digest}`, namespace },
        involvedObject: { ...refOf(about), namespace: about.metadata.namespace, uid },
        type,
        reason,
        message,
        count: 1,
        firstTimestamp: time,
        lastTimestamp: time,
        source: { component, ...(host === undefined ? {} : { host }) },
        reportingComponent: component,
        reportingInstance: host ?? "",
      });
    } catch (error) {
      if (!hasReason(error, "AlreadyExists", "NotFound", "Forbidden")) throw error;
    }
    written.add(digest);
    if (written.size > rememberedEvents) written.delete(written.values().next().value!);
  };
}

/** Enough for a busy cluster; an event that is forgotten costs one refused request when it comes again. */
const rememberedEvents = 2_000;

async function digestOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).slice(0, 8).toHex();
}
