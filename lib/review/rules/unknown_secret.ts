import { refOf } from "../../core/object.ts";
import { declaredSecrets } from "../../platform/declared.ts";
import type { Rule } from "../finding.ts";
import { allContainers, type PodSpec } from "../pods.ts";

/** Someone has to make it by hand, on each cluster, before the pods can start. */
export const unknownSecret: Rule = {
  name: "unknown-secret",
  summary: "Secrets that pods refer to are made by something in the platform",
  severity: "warning",
  check: ({ platform, sources, find, isOpaque }) => {
    const made = new Set(
      declaredSecrets(platform).map(({ namespace, name }) => `${namespace}/${name}`),
    );
    return sources.flatMap(({ owner, namespace, spec }) =>
      isOpaque(namespace)
        ? []
        : [...new Set(secretsOf(spec))].filter((name) =>
          !made.has(`${namespace}/${name}`) && find("Secret", namespace, name) === undefined
        ).map((name) => ({
          object: refOf(owner),
          because: `it refers to Secret ${name}, which nothing in the platform makes`,
          remedy: "let an ExternalSecret, a SealedSecret or a Certificate bring it",
        }))
    );
  },
};

function secretsOf(spec: PodSpec): string[] {
  const { volumes = [] } = spec;
  return [
    ...volumes.flatMap(({ secret }) =>
      secret?.secretName === undefined || secret.optional === true ? [] : [secret.secretName]
    ),
    ...allContainers(spec).flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
      ...envFrom.flatMap(({ secretRef }) => secretRef ?? []),
    ]).flatMap(({ name, optional }) => name === undefined || optional === true ? [] : [name]),
  ];
}
