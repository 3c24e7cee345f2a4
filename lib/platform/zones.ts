import { endsOf } from "./ends.ts";
import { membersOf } from "./flow_pairs.ts";
import type { Platform } from "./types.ts";

/** The zone of each end of flows that is in one: the one that names it, before the one that has its namespace. */
export function zonesOf(platform: Platform): Map<string, string> {
  const ends = endsOf(platform);
  const zones = Object.entries(platform.zones);
  const byNamespace = new Map(
    zones.flatMap(([zone, { namespaces = [] }]) =>
      namespaces.map((namespace) => [namespace, zone] as const)
    ),
  );
  const byName = zones.flatMap(([zone, { members = [] }]) =>
    members.flatMap((member) =>
      membersOf(member, platform.groups, ends).map((end) => [end, zone] as const)
    )
  );
  return new Map([
    ...ends.flatMap(([name, { namespace }]) => {
      const zone = byNamespace.get(namespace ?? "");
      return zone === undefined ? [] : [[name, zone] as const];
    }),
    ...byName,
  ]);
}
