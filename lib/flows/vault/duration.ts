import { parseDuration } from "../../core/units.ts";

/** Seconds of a duration as a platform file writes it for Vault, where a bare number means seconds. Source: Vault, "Duration string format". */
export function seconds(duration: string): number {
  return /^\d+$/.test(duration) ? Number(duration) : parseDuration(duration) / 1_000;
}
