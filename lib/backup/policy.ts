import { UsageError } from "../core/errors.ts";
import { retentionOf, type RetentionPolicy, retentionUnits } from "../core/retention.ts";

/**
 * Read a policy by its name, such as `7-daily-4-weekly-3-monthly`, or as arguments have it, such as `daily=7,weekly=4`.
 *
 * @throws {UsageError} when the text is neither, or says one thing twice
 */
export function parseRetention(text: string): RetentionPolicy {
  const policy = retentionOf(text);
  if (policy !== undefined) return policy;
  throw new UsageError(
    `Cannot read the retention policy "${text}": wanted a form such as daily=7,weekly=4 or 7-daily-4-weekly-3-monthly`,
    { remedy: `count any of ${retentionUnits.join(", ")}, each once and at least 1` },
  );
}

/**
 * Check that a policy keeps something: one without any part would leave nothing but the newest backup.
 *
 * @throws {UsageError} when it has no part, or one that is not a whole number of at least 1
 */
export function checkPolicy(policy: RetentionPolicy): void {
  const parts = retentionUnits.filter((unit) => policy[unit] !== undefined);
  const wrong = parts.find((unit) => !Number.isSafeInteger(policy[unit]) || policy[unit]! < 1);
  if (parts.length > 0 && wrong === undefined) return;
  throw new UsageError(
    `Refused a retention policy that would leave nothing: it has ${
      wrong === undefined ? "no part" : `${wrong}=${policy[wrong]}`
    }, wanted whole numbers of at least 1`,
    { remedy: "say what is to be kept, such as daily=7,weekly=4,monthly=3" },
  );
}
