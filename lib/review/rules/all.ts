import type { Rule } from "../finding.ts";
export const allRules: readonly Rule[] = [];
