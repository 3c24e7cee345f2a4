import { z } from "zod";
import * as part from "./parts.ts";

const silence = z.strictObject({
  rule: part.name.describe("Name of the rule; `deno task render --rules` lists them"),
  object: part.objectPattern.describe("The objects that it is about"),
  because: z.string().min(1).describe("Why it is meant"),
});

/** @ignore */
export const reviewSections = {
  silenced: z.array(silence).default([]).describe("Findings that are known and meant"),
};
