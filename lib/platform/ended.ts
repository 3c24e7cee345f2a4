import type { Ended } from "./catalogue.ts";
import { catalogue } from "./catalogue.ts";
import type { Platform } from "./types.ts";

/** Something that came to an end, and what a platform does about it. */
export interface EndedConcern {
  /** Its name under `ended` in manifests/charts.yaml. */
  name: string;
  /** What is known of it. */
  ended: Ended;
  /** What is used instead, where the platform says so. */
  by?: string;
  /** Why it is used nevertheless, where the platform says so. */
  keep?: string;
  /** Charts and images of the platform that are it. */
  used: string[];
}

/**
 * What concerns a platform of all that came to an end: what it says under `replacements`, and what it uses without
 * a word. In the order of the catalogue.
 */
export function endedConcerns(
  { charts, replacements }: Pick<Platform, "charts" | "replacements">,
  images: readonly string[],
): EndedConcern[] {
  return Object.entries(catalogue().ended).flatMap(([name, ended]) => {
    const used = [
      ...(ended.charts ?? []).filter((chart) => chart in charts).map((chart) => `chart ${chart}`),
      ...[...new Set(images)].filter((image) => isImageOf(ended, image)).sort(),
    ];
    const replacement = replacements[name];
    if (replacement === undefined && used.length === 0) return [];
    return [{ name, ended, ...replacement, used }];
  });
}

function isImageOf({ images = [], except = [] }: Ended, image: string): boolean {
  return images.some((pattern) => matches(pattern, image)) &&
    !except.some((pattern) => matches(pattern, image));
}

/** `*` stands for any characters; all else stands for itself. */
function matches(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
