import { refOf } from "../../core/object.ts";
import { unsealedMark } from "../../platform/sealed.ts";
import type { Rule } from "../finding.ts";

/** Its controller cannot open it, so the Secret never comes. */
export const unsealedSecret: Rule = {
  name: "unsealed-secret",
  summary: "All keys of a SealedSecret are sealed",
  severity: "error",
  check: ({ ofKind }) =>
    ofKind("SealedSecret").flatMap((secret) => {
      const { encryptedData = {} } = secret["spec"] as { encryptedData?: Record<string, string> };
      const open = Object.keys(encryptedData).filter((key) => encryptedData[key] === unsealedMark);
      return open.length === 0 ? [] : [{
        object: refOf(secret),
        because: `${open.join(", ")} ${open.length === 1 ? "is" : "are"} not sealed yet`,
        remedy: "seal each with `deno task seal-secret --platform <name> --name <secret>`",
      }];
    }),
};
