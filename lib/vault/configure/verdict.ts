import type { VaultChange, VaultWrite } from "./change.ts";

/** What a verdict is about. */
export type Subject = Pick<VaultChange, "kind" | "name" | "because">;

/** Something is not there, and is made by these requests. */
export function created(subject: Subject, ...requests: VaultWrite[]): VaultChange {
  return { ...subject, action: "created", diff: [], act: { do: "write", requests } };
}

/** Something is there: unchanged where it does not differ, else configured by these requests. */
export function configured(
  subject: Subject,
  diff: readonly string[],
  ...requests: VaultWrite[]
): VaultChange {
  return diff.length === 0
    ? { ...subject, action: "unchanged", diff }
    : { ...subject, action: "configured", diff, act: { do: "write", requests } };
}

/** Something is there, and differs where Vault cannot change it. */
export function conflicted(
  subject: Subject,
  conflicts: readonly string[],
  { because, remedy }: { because: string; remedy: string },
): VaultChange {
  return {
    ...subject,
    action: "conflicted",
    because: `${conflicts.join("; ")}, ${because}`,
    remedy,
    diff: conflicts,
  };
}
