import type { KubeObject } from "../../core/object.ts";
import { at, listAt, oneLine, textAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * An Argo CD Application is ready when it is Synced with the source that it names now and its health is Healthy.
 * It has no observedGeneration: an answer about a former source is told by `status.sync.comparedTo`.
 * Source: Argo CD, pkg/apis/application/v1alpha1.
 */
export function applicationReady(application: KubeObject): Verdict {
  const sync = textAt(application, "status", "sync", "status");
  const health = textAt(application, "status", "health", "status");
  if (sync === undefined && health === undefined) {
    const wrong = errorOf(application);
    return wrong === undefined ? waiting("not seen by Argo CD yet") : failing(wrong);
  }
  if (comparesFormerSource(application)) return waiting("still compared with its former source");

  const phase = textAt(application, "status", "operationState", "phase");
  if (phase === "Running" || phase === "Terminating") {
    return waiting(`a sync is ${phase.toLowerCase()}${operationMessage(application)}`);
  }
  if (sync === "Synced" && health === "Healthy") return ready("Synced and Healthy");
  if (sync === "Synced" && health === "Suspended") return ready("Synced, and suspended on purpose");

  const wrong = errorOf(application);
  if (wrong !== undefined) return failing(wrong);
  if (phase === "Failed" || phase === "Error") {
    return failing(`the last sync failed${operationMessage(application)}`);
  }
  if (health === "Degraded") return failing(`${sync} but Degraded${worstResource(application)}`);
  const byHand = sync === "OutOfSync" &&
    at(application, "spec", "syncPolicy", "automated") === undefined;
  return waiting(
    `${sync ?? "Unknown"} and ${health ?? "Unknown"}${worstResource(application)}${
      byHand ? "; it has no automated sync policy, so somebody must sync it" : ""
    }`,
  );
}

function comparesFormerSource(application: KubeObject): boolean {
  const compared = at(application, "status", "sync", "comparedTo", "source");
  const wanted = at(application, "spec", "source");
  if (textAt(compared, "repoURL") === undefined || wanted === undefined) return false;
  return ["repoURL", "path", "chart", "targetRevision"]
    .some((field) => (textAt(compared, field) ?? "") !== (textAt(wanted, field) ?? ""));
}

function errorOf(application: KubeObject): string | undefined {
  // Argo CD's conditions have neither status nor reason, so they are read by themselves.
  for (const entry of listAt(application, "status", "conditions")) {
    const type = textAt(entry, "type");
    if (type?.endsWith("Error")) {
      return wordsOf({ reason: type, message: oneLine(textAt(entry, "message") ?? "") });
    }
  }
  return undefined;
}

function operationMessage(application: KubeObject): string {
  const message = textAt(application, "status", "operationState", "message");
  return message === undefined ? "" : `: ${oneLine(message)}`;
}

function worstResource(application: KubeObject): string {
  for (const wanted of ["Degraded", "Missing", "Progressing"]) {
    for (const resource of listAt(application, "status", "resources")) {
      if (textAt(resource, "health", "status") !== wanted) continue;
      const message = textAt(resource, "health", "message");
      return `: ${textAt(resource, "kind")} ${textAt(resource, "name")} is ${wanted}${
        message === undefined ? "" : `: ${oneLine(message)}`
      }`;
    }
  }
  const message = textAt(application, "status", "health", "message");
  return message === undefined ? "" : `: ${oneLine(message)}`;
}
