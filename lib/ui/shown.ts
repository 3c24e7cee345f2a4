import type { SlipwayEvent } from "../core/events.ts";

/** Remembers what of a plan was shown. */
export interface Shown {
  /** Whether an event tells people more than they were told before. */
  isNew(event: SlipwayEvent): boolean;
}

/**
 * An apply does what its plan showed, so its changes are shown again only where they
 * came out differently.
 */
export function createShown(): Shown {
  const planned = new Map<string, string>();
  return {
    isNew(event) {
      if (event.type !== "change") return true;
      if (event.phase === "plan") {
        planned.set(event.subject, event.action);
        return true;
      }
      return planned.get(event.subject) !== event.action;
    },
  };
}
