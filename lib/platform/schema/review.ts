import { z } from "zod";
import * as part from "./parts.ts";

const silence = z.strictObject({
  rule: part.name.describe("Name of the rule; `deno task render --rules` lists them"),
  object: part.text(
    /^[^\s/]+(\/[^\s/]+){1,2}$/,
    "Kind/namespace/name, or Kind/name where there is no namespace, such as Deployment/shop/*",
  ),
  because: z.string().min(1).describe("Why it is meant"),
});

/** @ignore */
export const reviewSections = {
  silenced: z.array(silence).default([]).describe("Findings that are known and meant"),
};
