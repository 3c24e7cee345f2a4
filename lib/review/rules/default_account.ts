import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

/** Rights that one program is given later are then all programs' of the namespace. */
export const defaultAccount: Rule = {
  name: "default-account",
  summary: "Each program has a service account of its own, and a namespace other than default",
  severity: "warning",
  check: ({ sources }) =>
    sources.flatMap(({ owner, namespace, spec }) => {
      const faults = [
        ...((spec.serviceAccountName ?? "default") === "default"
          ? ["its pods run as the namespace's default service account"]
          : []),
        ...(namespace === "default" ? ["it lives in the namespace default"] : []),
      ];
      return faults.map((because) => ({
        object: refOf(owner),
        because,
        remedy: "give it one of its own",
      }));
    }),
};
