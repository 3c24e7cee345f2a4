/** What one line of an API server's audit log says. Source: k8s.io/apiserver, audit/v1 Event. */
export interface AuditEvent {
  /** Verb, such as `patch`. */
  verb: string;
  /** Path and query of the request. */
  requestURI: string;
  /** Program that sent it. */
  userAgent?: string;
  /** Who sent it. */
  user: { username: string };
  /** What it was about. */
  objectRef?: { resource: string; namespace?: string; name?: string };
}

const writingVerbs = ["create", "update", "patch", "delete", "deletecollection"];

/** The events of an audit log, or of a part of it that begins and ends with whole lines. */
export function parseAudit(log: string): AuditEvent[] {
  return log.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Requests of the administrator, as whom tasks run, that change something; dry runs do not count. */
export function adminWrites(events: readonly AuditEvent[]): AuditEvent[] {
  return events.filter(({ verb, requestURI, user }) =>
    user.username === "slipway-admin" && writingVerbs.includes(verb) &&
    !requestURI.includes("dryRun=All")
  );
}

/** A request in a few words: `patch configmaps shop/web`. */
export function requestText({ verb, objectRef }: AuditEvent): string {
  return `${verb} ${objectRef?.resource} ${objectRef?.namespace ?? ""}/${objectRef?.name ?? ""}`;
}
