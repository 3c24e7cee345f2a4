/** How the archiving of a cluster's WAL stands. */
export interface ArchiveVerdict {
  /**
   * `healthy`: what was written can be brought back to nearly now. `behind`: it can, to an older moment than is allowed.
   * `failing`: something must be mended. `unknown`: nobody says.
   */
  state: "healthy" | "behind" | "failing" | "unknown";
  /** Why, in one line without a final period. */
  because: string;
  /** What to do about it. */
  remedy?: string;
  /** When WAL was archived last, as far as that is told. */
  lastArchived?: Temporal.Instant;
  /** The oldest moment that can be brought back. */
  recoverableSince?: Temporal.Instant;
  /** When the last base backup succeeded. */
  lastBaseBackup?: Temporal.Instant;
}
