import type { KubeObject } from "../../core/object.ts";
import { at, oneLine, textAt } from "../ready/fields.ts";

/** An event that warns of something. */
export interface Warning {
  /** Machine-readable reason, such as `FailedCreate`. */
  reason: string;
  /** Readable message in one line. */
  message: string;
  /** RFC 3339 time at which it last happened, as far as the event tells. */
  at?: string;
}

/** The warnings among `events` that are about an object, newest first. Source: k8s.io/api, core/v1 Event. */
export function warningsAbout(object: KubeObject, events: readonly KubeObject[]): Warning[] {
  return events
    .filter((event) => textAt(event, "type") === "Warning" && isAbout(event, object))
    .map((event) => {
      const time = timeOf(event);
      return {
        reason: textAt(event, "reason") ?? "",
        message: oneLine(textAt(event, "message") ?? "").replace(/\.$/, ""),
        ...(time === undefined ? {} : { at: time }),
      };
    })
    .sort((a, b) => millisOf(b.at) - millisOf(a.at));
}

/** The milliseconds of an RFC 3339 time; the distant past when it is missing or unreadable. */
export function millisOf(time: string | undefined): number {
  const millis = Date.parse(time ?? "");
  return Number.isNaN(millis) ? -Infinity : millis;
}

function isAbout(event: KubeObject, object: KubeObject): boolean {
  const about = at(event, "involvedObject");
  const uid = textAt(about, "uid");
  if (uid !== undefined && object.metadata.uid !== undefined) return uid === object.metadata.uid;
  return textAt(about, "kind") === object.kind &&
    textAt(about, "name") === object.metadata.name &&
    (textAt(about, "namespace") ?? "") === (object.metadata.namespace ?? "");
}

function timeOf(event: KubeObject): string | undefined {
  return textAt(event, "series", "lastObservedTime") ?? textAt(event, "lastTimestamp") ??
    textAt(event, "eventTime") ?? textAt(event, "firstTimestamp") ??
    textAt(event, "metadata", "creationTimestamp");
}
