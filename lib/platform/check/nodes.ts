import type { Mistake } from "../mistake.ts";
import { controlPlaneLabel, hostnameLabel, zoneLabel } from "../nodes.ts";
import type { Platform } from "../types.ts";

/** Labels that other keys of a group say already. */
const saidElsewhere: Readonly<Record<string, string>> = {
  [zoneLabel]: "zones",
  [controlPlaneLabel]: "role",
  [hostnameLabel]: "the name of the group",
};

/** A cluster needs a control plane; more than one server are an etcd cluster, which decides by majority. */
export function checkNodes({ nodes }: Platform): Mistake[] {
  const groups = Object.entries(nodes);
  if (groups.length === 0) return [];
  const servers = groups.reduce(
    (sum, [, { role, count }]) => sum + (role === "server" ? count : 0),
    0,
  );
  return [
    ...(servers % 2 === 1 ? [] : [{
      path: ["nodes"],
      message: `${servers === 0 ? "no" : servers} servers, expected ${
        servers === 0
          ? "at least one group with role server, which runs the control plane"
          : "an odd number: etcd decides by majority, and one more than an odd number only adds risk"
      }`,
    }]),
    ...groups.flatMap(([name, { count, labels = {}, zones = [] }]) => [
      // A node's name is a label too, of at most 63 characters.
      ...(name.length > 58
        ? [{
          path: ["nodes", name],
          message: `a name of ${name.length} characters, expected at most 58: nodes add a number`,
          atKey: true,
        }]
        : []),
      ...(zones.length > count
        ? [{
          path: ["nodes", name, "zones"],
          message: `${zones.length} zones for ${count} ${
            count === 1 ? "node" : "nodes"
          }, expected at most one zone a node`,
        }]
        : []),
      ...Object.keys(labels).filter((label) => label in saidElsewhere).map((label) => ({
        path: ["nodes", name, "labels", label],
        message: `expected only in ${saidElsewhere[label]}, from which this label is made`,
        atKey: true,
      })),
    ]),
  ];
}
