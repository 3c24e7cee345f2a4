import { placeholderLabel } from "../../core/labels.ts";
import { type Manifest, refOf } from "../../core/object.ts";
import {
  credentialsIn,
  credentialsInArguments,
  credentialsInFile,
  credentialsInVariable,
} from "../credentials.ts";
import type { Complaint, Rule } from "../finding.ts";
import { allContainers, type PodSource } from "../pods.ts";

/** What is rendered ends up in Git, in terminals and in logs; there a secret is one no more. Values are never shown. */
export const plainSecret: Rule = {
  name: "plain-secret",
  summary: "No password, key or token stands in plain sight",
  severity: "error",
  check: ({ ofKind, sources }) => [
    ...ofKind("Secret").flatMap(ofSecret),
    ...sources.flatMap(ofPods),
    ...ofKind("ConfigMap").flatMap((config) =>
      Object.entries((config["data"] ?? {}) as Record<string, string>).flatMap(([key, text]) =>
        complaints(config, `its file ${key}`, credentialsInFile(text))
      )
    ),
    ...ofKind("HelmChart", "HelmChartConfig").flatMap((chart) => {
      const { valuesContent = "" } = (chart["spec"] ?? {}) as { valuesContent?: string };
      return complaints(chart, "its values", credentialsInFile(valuesContent));
    }),
    ...ofKind("Application").flatMap(ofApplication),
  ],
};

function ofSecret(secret: Manifest): Complaint[] {
  const values = {
    ...(secret["data"] as Record<string, string> | undefined),
    ...(secret["stringData"] as Record<string, string> | undefined),
  };
  const keys = Object.keys(values).filter((key) => values[key] !== "");
  if (keys.length === 0 || secret.metadata.labels?.[placeholderLabel] === "true") return [];
  return [{
    object: refOf(secret),
    because: `it is rendered with the values of ${keys.join(", ")}`,
    remedy: "let an ExternalSecret or a SealedSecret bring it",
  }];
}

function ofPods({ owner, spec }: PodSource): Complaint[] {
  return allContainers(spec).flatMap(({ name, env = [], command = [], args = [] }) => [
    ...env.flatMap((variable) =>
      complaints(
        owner,
        `the variable ${variable.name} of container ${name}`,
        credentialsInVariable(variable.name, variable.value ?? ""),
      )
    ),
    ...complaints(
      owner,
      `the command of container ${name}`,
      credentialsInArguments([...command, ...args]),
    ),
  ]);
}

function ofApplication(application: Manifest): Complaint[] {
  const { source, sources = [] } = application["spec"] as {
    source?: { helm?: { values?: string; valuesObject?: unknown } };
    sources?: { helm?: { values?: string; valuesObject?: unknown } }[];
  };
  return [source, ...sources].flatMap((each) => {
    const { values = "", valuesObject } = each?.helm ?? {};
    const flat = valuesObject === undefined ? "" : JSON.stringify(valuesObject, null, 1);
    return [
      ...complaints(application, "its values", credentialsInFile(values)),
      ...complaints(application, "its values", credentialsInFile(flat)),
      ...complaints(application, "its source", credentialsIn(JSON.stringify(each ?? {}))),
    ];
  });
}

function complaints(object: Manifest, where: string, found: readonly string[]): Complaint[] {
  return found.map((what) => ({
    object: refOf(object),
    because: `${where} ${where.endsWith("values") ? "hold" : "holds"} ${what}`,
    remedy: "take it from a Secret, and change it: it was seen",
  }));
}
