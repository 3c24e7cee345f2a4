import { subjectOf } from "../../core/object.ts";
import { formatBytes } from "../../core/units.ts";
import { amountsText, coresText } from "./amounts.ts";
import type { Capacity, Fit, Loss } from "./capacity.ts";
import { rawBytes, usableBytes } from "./disks.ts";
import type { Homeless } from "./place.ts";

/** Something that a line says, and whether all is well. */
export interface CapacityLine {
  /** One sentence without a final period. */
  text: string;
  /** Whether nobody need worry. */
  good: boolean;
}

/** How many objects a line names. */
const atMost = 2;

/** The capacity of a platform in one or two lines. */
export function capacityLines(capacity: Capacity): CapacityLine[] {
  const { rooms, least, available, now, stuckRollouts: stuck } = capacity;
  const pods = capacity.pods.reduce((total, row) => total + row.least, 0);
  const raw = rawBytes(capacity.volumes);
  if (rooms.length === 0) {
    return [{
      text: `${pods} pods request ${amountsText(least.requests)}, and volumes take ${
        formatBytes(raw)
      }; the platform declares no nodes to compare with`,
      good: true,
    }];
  }
  const nodes = rooms.length === 1 ? "1 node" : `${rooms.length} nodes`;
  const disk = usableBytes(rooms.map(({ node }) => node));
  return [
    {
      text: `${pods} pods request ${outOf(least.requests.cpu, available.cpu, coresText)} and ${
        outOf(least.requests.memory, available.memory, formatBytes)
      }, and volumes take ${outOf(raw, disk, formatBytes)} of ${nodes}: ${
        now.fits ? "they fit" : problems(now, atMost).join("; ")
      }${
        stuck.length === 0
          ? ""
          : `; rollouts of ${few(stuck)} find no place for the pod they add first`
      }`,
      good: now.fits && stuck.length === 0,
    },
    lossLine(capacity.losses),
  ];
}

function lossLine(losses: readonly Loss[]): CapacityLine {
  const bad = losses.filter(({ fits }) => !fits);
  if (bad.length === 0) {
    const copies = losses.some(({ fewerCopies }) => fewerCopies > 0);
    return {
      text: `when any one node is lost, all of it fits on the others${
        copies ? "; volumes then have a copy less" : ""
      }`,
      good: true,
    };
  }
  const grouped = Map.groupBy(bad, (loss) => lossText(loss, atMost));
  return {
    text:
      [...grouped].slice(0, 2).map(([text, all]) =>
        `when ${oneOf(all.map(({ node }) => node))} is lost, ${text}`
      ).join("; ") + (grouped.size > 2 ? `; and ${grouped.size - 2} more cases` : ""),
    good: false,
  };
}

/** What remains of a platform without one node. */
export function lossText(loss: Loss, most?: number): string {
  const { pinned, only, controlPlane, fewerCopies, fits } = loss;
  const less = fewerCopies > 0 ? ["volumes have a copy less"] : [];
  if (fits) return ["fits", ...less].join("; ");
  if (only) return "nothing runs until it is back with its disk: it is the only node";
  return [
    ...(controlPlane ? ["the control plane is gone, and nothing moves until it is back"] : []),
    ...(pinned.length === 0 ? [] : [
      `${few(pinned)} ${pinned.length === 1 ? "stays" : "stay"} down with ${
        pinned.length === 1 ? "its" : "their"
      } volumes`,
    ]),
    ...problems(loss, most),
    ...less,
  ].join("; ");
}

/** What keeps pods and volumes from their places. */
export function problems({ homeless, short }: Fit, most = Infinity): string[] {
  const more = homeless.slice(most).length;
  return [
    ...homeless.slice(0, most).map(homelessText),
    ...(more === 0
      ? []
      : [`${more} more ${more === 1 ? "object finds" : "objects find"} no place`]),
    ...short,
  ];
}

function homelessText({ demand, pods, of, because }: Homeless): string {
  return `${pods} of ${of} ${of === 1 ? "pod" : "pods"} of ${subjectOf(demand.object)} ${
    pods === 1 ? "finds" : "find"
  } no place (${because})`;
}

/** `0.3 of 15.85 cores`, `192 MiB of 62 GiB`: the unit once where it is the same. */
export function outOf(part: number, whole: number, text: (value: number) => string): string {
  const unit = (value: string) => value.slice(value.indexOf(" ") + 1).replace(/^core$/, "cores");
  const [first, second] = [text(part), text(whole)];
  const shown = unit(first) === unit(second) ? first.slice(0, first.indexOf(" ")) : first;
  return `${shown} of ${second}`;
}

function few(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}

function oneOf(names: readonly string[]): string {
  return names.length === 1
    ? names[0]!
    : `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;
}
