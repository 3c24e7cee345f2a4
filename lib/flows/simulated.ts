import { groupOf } from "../core/object.ts";

/** A system whose objects the embedded cluster admits, while its controller does not run there. */
export interface AbsentController {
  /** API groups of its kinds. */
  groups: readonly string[];
  /** Its name. */
  name: string;
  /** What therefore does not happen. */
  consequence: string;
}

/** Systems that do not run beside the embedded cluster. */
export const absentControllers: readonly AbsentController[] = [
  {
    groups: ["traefik.io"],
    name: "Traefik",
    consequence: "routes and middlewares are checked, and serve no traffic",
  },
  {
    groups: ["cert-manager.io", "acme.cert-manager.io"],
    name: "cert-manager",
    consequence: "no certificate is issued",
  },
  {
    groups: ["external-secrets.io", "generators.external-secrets.io"],
    name: "External Secrets",
    consequence: "the Secrets it would deliver are placeholders",
  },
  { groups: ["argoproj.io"], name: "Argo CD", consequence: "nothing is synced from Git" },
];

/** The system that would act on objects of an API group, where it does not run beside the embedded cluster. */
export function absentControllerOf(apiVersion: string): AbsentController | undefined {
  const group = groupOf(apiVersion);
  return absentControllers.find(({ groups }) => groups.includes(group));
}
