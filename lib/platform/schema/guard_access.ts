import { z } from "zod";
import * as part from "./parts.ts";

/** @ignore */
export const access = z.strictObject({
  role: z.enum(["cluster-admin", "developer", "viewer", "ci-cd"]),
  groups: z.array(z.string().min(1)).min(1).optional(),
  serviceAccounts: z.array(z.strictObject({ namespace: part.name, name: part.name })).min(1)
    .optional(),
  namespaces: z.array(part.name).min(1).optional().describe(
    "Namespaces that the rights hold in; the whole cluster by default",
  ),
}).refine(({ groups, serviceAccounts }) => groups !== undefined || serviceAccounts !== undefined, {
  error: "nobody given, expected groups, serviceAccounts or both",
});
