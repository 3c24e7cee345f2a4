import { UsageError } from "../core/errors.ts";

/** How long a store is waited for. */
export interface StorePatience {
  /**
   * A request of which nothing is heard for this long has ended, in milliseconds. Each 4 MiB that are sent with it add
   * as much again.
   */
  silentMs: number;
  /** How long a request is tried again that a store refuses for a moment, in milliseconds. */
  retryMs: number;
}

/**
 * What the environment says of a store's patience: `SLIPWAY_STORE_TIMEOUT_SECONDS` and `SLIPWAY_STORE_RETRY_SECONDS`,
 * 60 each.
 *
 * @throws {UsageError} when one of them is no number of seconds
 */
export function patienceOf(env: (name: string) => string | undefined): StorePatience {
  const milliseconds = (name: string) => {
    const text = env(name);
    if (text === undefined || text === "") return 60_000;
    const seconds = Number(text);
    if (Number.isFinite(seconds) && seconds > 0) return seconds * 1_000;
    throw new UsageError(`Cannot use ${name}: it is "${text}", wanted a number of seconds above 0`);
  };
  return {
    silentMs: milliseconds("SLIPWAY_STORE_TIMEOUT_SECONDS"),
    retryMs: milliseconds("SLIPWAY_STORE_RETRY_SECONDS"),
  };
}
