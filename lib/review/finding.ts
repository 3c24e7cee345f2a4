import type { ObjectRef } from "../core/object.ts";
import type { View } from "./view.ts";

/** What a finding does: an error refuses, a warning is told. */
export type Severity = "error" | "warning";

/** What a rule says of one object. */
export interface Complaint {
  /** The object. */
  object: ObjectRef;
  /** What is wrong with it, without a final period. */
  because: string;
  /** What to do about it, as an imperative without a final period. */
  remedy: string;
}

/** Something about rendered objects that a user should know, or mend. */
export interface Finding extends Complaint {
  /** Name of the rule. */
  rule: string;
  /** What it does. */
  severity: Severity;
}

/** What is looked for in rendered objects. */
export interface Rule {
  /** Name, as silences have it. */
  name: string;
  /** What it is about, in one line without a final period. */
  summary: string;
  /** What its findings do. */
  severity: Severity;
  /** All that is wrong. */
  check(view: View): Complaint[];
}
