import { backupSubject, namespaceOf } from "../backups.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** A mistake for a subject that the platform does not declare. */
export function checkSubject(path: Path, text: string, platform: Platform): Mistake[] {
  const { section, name } = backupSubject(text);
  if (isDeclared(platform, section, name)) return [];
  const sections = Object.entries(platform)
    .filter(([key, value]) => typeof value === "object" && key !== "namespaces")
    .map(([key]) => key);
  const things = Object.keys(
    (platform as unknown as Record<string, Record<string, unknown>>)[section] ?? {},
  );
  const unknown = refer(path, section, sections, "section of the platform");
  return unknown.length > 0 ? unknown : refer(
    path,
    name,
    things.filter((thing) => isDeclared(platform, section, thing)),
    `thing in ${section}`,
  );
}

function isDeclared(platform: Platform, section: string, name: string): boolean {
  return namespaceOf(platform, section, name) !== undefined;
}
