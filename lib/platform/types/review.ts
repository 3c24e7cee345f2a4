/** Sections of a platform about the review of its rendered objects. */
export interface ReviewSections {
  /** Findings that are known and meant. */
  silenced: Silence[];
}

/** Findings that are not shown, and do not refuse. */
export interface Silence {
  /** Name of the rule; `deno task render --rules` lists them. */
  rule: string;
  /** Objects as `Kind/namespace/name`, or `Kind/name` where there is no namespace; `*` stands for any text in a part. */
  object: string;
  /** Why it is meant. */
  because: string;
}
