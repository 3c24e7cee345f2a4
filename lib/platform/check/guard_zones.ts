import { type End, endsOf } from "../ends.ts";
import { flowPairs, membersOf } from "../flow_pairs.ts";
import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { zonesOf } from "../zones.ts";
import { refer } from "./reference.ts";

/** No flow may go from one zone to another that it may not call, nor past all zones. */
export function checkZones(platform: Platform): Mistake[] {
  const { zones } = platform;
  if (Object.keys(zones).length === 0) return [];
  const ends = endsOf(platform);
  const named = checkNames(platform, ends);
  // Each flow that crosses a zone which cannot be made out would only repeat what is said of the zone.
  return named.length > 0 ? named : checkCrossings(platform);
}

function checkNames(platform: Platform, ends: readonly (readonly [string, End])[]): Mistake[] {
  const { zones, groups, namespaces } = platform;
  const names = [...ends.map(([name]) => name), ...Object.keys(groups)];
  const taken = new Map<string, string>();
  const takenNamespaces = new Map<string, string>();
  return Object.entries(zones).flatMap(
    ([zone, { members = [], namespaces: held = [], mayCall }]) => {
      const path = ["zones", zone];
      return [
        ...members.flatMap((member, index) => [
          ...refer([...path, "members", index], member, names, "end of flows or group"),
          ...membersOf(member, groups, ends).flatMap((end) =>
            takenTwice(taken, end, zone, [...path, "members", index])
          ),
        ]),
        ...held.flatMap((namespace, index) => [
          ...refer([...path, "namespaces", index], namespace, Object.keys(namespaces), "namespace"),
          ...takenTwice(takenNamespaces, namespace, zone, [...path, "namespaces", index]),
        ]),
        ...mayCall.flatMap((called, index) =>
          refer([...path, "mayCall", index], called, Object.keys(zones), "zone")
        ),
      ];
    },
  );
}

function takenTwice(
  taken: Map<string, string>,
  name: string,
  zone: string,
  path: Mistake["path"],
): Mistake[] {
  const other = taken.get(name);
  taken.set(name, zone);
  return other === undefined || other === zone
    ? []
    : [{ path, message: `${name} is in zone ${other} too, expected one zone for each` }];
}

function checkCrossings(platform: Platform): Mistake[] {
  const zoneOf = zonesOf(platform);
  const { zones, flows } = platform;
  return flowPairs(platform).flatMap(({ from, to, index }): Mistake[] => {
    const [caller, called] = [zoneOf.get(from), zoneOf.get(to)];
    const homeless = [[from, caller, "from"], [to, called, "to"]] as const;
    const without = homeless.filter(([, zone]) => zone === undefined);
    if (without.length > 0) {
      return without.map(([end, , side]) => ({
        path: ["flows", index, side],
        message: `${end} is in no zone, expected one of ${
          Object.keys(zones).sort().join(", ")
        }: a flow past all zones would make them worth nothing`,
      }));
    }
    if (from === to || zones[caller!]!.mayCall.includes(called!)) return [];
    const { from: source, to: target } = flows[index]!;
    const ends = `${from} to ${to}`;
    return [{
      path: ["flows", index],
      message: `${ends} goes from zone ${caller} to zone ${called}, expected ${
        zones[caller!]!.mayCall.join(" or ") || "no flow at all"
      }${
        ends === `${source} to ${target}` ? "" : `, as a flow from ${source} to ${target} has it`
      }`,
    }];
  });
}
