import { endsOf } from "../ends.ts";
import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** Groups have members that are declared, names of their own, and do not contain themselves. */
export function checkGroups(platform: Platform): Mistake[] {
  const { groups } = platform;
  const ends = endsOf(platform);
  const names = [...ends.map(([name]) => name), ...Object.keys(groups)];
  return Object.entries(groups).flatMap(([name, group]): Mistake[] => {
    const path = ["groups", name];
    const own = ends.some(([end]) => end === name)
      ? [{
        path,
        message: "an end of flows has this name, expected a name of its own: flows could mean both",
        atKey: true,
      }]
      : [];
    if (!Array.isArray(group)) {
      const ports = ends.flatMap(([, end]) => Object.keys(end.ports));
      return [...own, ...refer([...path, "havingPort"], group.havingPort, ports, "port of an end")];
    }
    return [
      ...own,
      ...group.flatMap((member, index) =>
        contains(groups, member, name)
          ? [{
            path: [...path, index],
            message: `${member} contains group ${name}, expected no group within itself`,
          }]
          : refer([...path, index], member, names, "end of flows or group")
      ),
    ];
  });
}

/** Whether a group is another one, or holds it at some depth. */
function contains(
  groups: Platform["groups"],
  outer: string,
  inner: string,
  entered: ReadonlySet<string> = new Set(),
): boolean {
  if (outer === inner) return true;
  const group = groups[outer];
  if (!Array.isArray(group) || entered.has(outer)) return false;
  const deeper = new Set(entered).add(outer);
  return group.some((member) => contains(groups, member, inner, deeper));
}
