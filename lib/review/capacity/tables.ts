import type { TableEvent } from "../../core/events.ts";
import { formatBytes } from "../../core/units.ts";
import { zoneLabel } from "../../platform/nodes.ts";
import { coresText } from "./amounts.ts";
import type { Capacity, Fit } from "./capacity.ts";
import { rawBytes, usableBytes } from "./disks.ts";
import { lossText, outOf, problems } from "./text.ts";

/** The capacity of a platform in full. */
export function capacityTables(capacity: Capacity): TableEvent[] {
  const { rooms } = capacity;
  return [
    podTable(capacity),
    volumeTable(capacity),
    ...(rooms.length === 0 ? [] : [nodeTable(capacity), verdictTable(capacity)]),
  ];
}

function podTable({ pods, least, most, available, rooms }: Capacity): TableEvent {
  const rows = pods.map(({ subject, least, most, each, passing }) => [
    subject,
    least === most ? String(least) : `${least} to ${most}`,
    cores(each.requests.cpu),
    bytes(each.requests.memory),
    cores(each.limits.cpu),
    bytes(each.limits.memory),
    passing ? "for a while" : cores(least * each.requests.cpu),
    passing ? "" : bytes(least * each.requests.memory),
  ]);
  const total = (name: string, { requests, limits }: typeof least) => [
    name,
    "",
    "",
    "",
    cores(limits.cpu),
    bytes(limits.memory),
    cores(requests.cpu),
    bytes(requests.memory),
  ];
  return {
    type: "table",
    title: "What pods request, and may use at most",
    columns: [
      "Object",
      "Pods",
      "CPU each",
      "Memory each",
      "CPU limit",
      "Memory limit",
      "CPU in all",
      "Memory in all",
    ],
    rows: [
      ...rows,
      total("TOTAL, fewest pods", least),
      total("TOTAL, most pods and jobs", most),
      ...(rooms.length === 0 ? [] : [[
        "Nodes, less k3s itself",
        "",
        "",
        "",
        "",
        "",
        cores(available.cpu),
        bytes(available.memory),
      ]]),
    ],
  };
}

function volumeTable({ volumes, stores, rooms }: Capacity): TableEvent {
  return {
    type: "table",
    title: "What volumes take of disks",
    columns: ["Volume", "Class", "Number", "Size each", "Copies", "On disks"],
    rows: [
      ...volumes.map(({ subject, storageClass, layout, count, bytes: each, rawBytes: raw }) => [
        subject,
        storageClass,
        String(count),
        bytes(each),
        layout.kind === "replicated"
          ? String(layout.copies)
          : layout.kind === "local"
          ? "1"
          : "elsewhere",
        bytes(raw),
      ]),
      ["TOTAL", "", "", "", "", bytes(rawBytes(volumes))],
      ...stores.map(({ name, parity, setSize, driveBytes, usableBytes }) => [
        `MinIO ${name}: objects, with ${parity} of ${setSize} drives for parity`,
        "",
        "",
        "",
        "",
        outOf(usableBytes, driveBytes, formatBytes),
      ]),
      ...(rooms.length === 0 ? [] : [[
        "Disks, less what stays free",
        "",
        "",
        "",
        "",
        bytes(usableBytes(rooms.map(({ node }) => node))),
      ]]),
    ],
  };
}

function nodeTable({ rooms }: Capacity): TableEvent {
  return {
    type: "table",
    title: "Nodes, with the fewest pods placed",
    columns: ["Node", "Role", "Zone", "Pods", "CPU requested", "Memory requested"],
    rows: rooms.map(({ node, labels, pods, available, free }) => [
      node.name,
      node.role,
      labels[zoneLabel] ?? "",
      String(pods.length),
      outOf(available.cpu - free.cpu, available.cpu, coresText),
      outOf(available.memory - free.memory, available.memory, formatBytes),
    ]),
  };
}

function verdictTable(capacity: Capacity): TableEvent {
  const { now, peak, stuckRollouts, losses } = capacity;
  const verdict = (fit: Fit) => fit.fits ? "fits" : problems(fit).join("; ");
  return {
    type: "table",
    title: "Does it fit",
    columns: ["When", "Verdict"],
    rows: [
      ["the fewest pods run", verdict(now)],
      ["autoscalers are at their most, and all jobs run", verdict(peak)],
      [
        "a rollout replaces pods",
        stuckRollouts.length === 0
          ? "fits"
          : `no place for the pod that rollouts of ${stuckRollouts.join(", ")} add first`,
      ],
      ...losses.map((loss) => [`${loss.node} is lost`, lossText(loss)]),
    ],
  };
}

function cores(value: number): string {
  return value === 0 ? "" : Number(value.toFixed(3)).toString();
}

function bytes(value: number): string {
  return value === 0 ? "" : formatBytes(value);
}
