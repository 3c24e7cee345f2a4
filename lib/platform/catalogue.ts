import { load } from "js-yaml";
import catalogueText from "../../manifests/charts.yaml" with { type: "text" };
import type { Charts } from "./types.ts";

/** A chart, pinned. */
export interface ChartPin {
  /** URL of the repository; with `oci://` of a registry's folder. */
  repository: string;
  /** Name in the repository. */
  chart: string;
  /** Version of the chart. */
  version: string;
  /** Version of the program in it, where it is known. */
  program?: string;
  /** Name of the system in manifests/crds.yaml, which brings its definitions. */
  definitions?: string;
  /** The chart has definitions among its templates, and cannot leave them out. @default false */
  bringsDefinitions?: boolean;
  /** What it is for. */
  purpose: string;
  /** Where its version stands. */
  source: string;
  /** k3s brings it itself, and only its values are set there. @default false */
  bundledWithK3s?: boolean;
}

/** Something that nobody maintains any longer, or that moved. */
export interface Ended {
  /** What it is, as messages say it. */
  what: string;
  /** Since when: a year, a month or a day. */
  since: string;
  /** Why. */
  because: string;
  /** Who says so. */
  source: string;
  /** What is used instead. */
  successor: string;
  /** How a platform file gets the documented one back. */
  back: string;
  /** Charts that bring it. */
  charts?: string[];
  /** Images that are it; `*` stands for any characters. */
  images?: string[];
  /** Images that `images` means too much. */
  except?: string[];
}

/** What manifests/charts.yaml says. */
export interface Catalogue {
  /** Charts, by name. */
  charts: Readonly<Record<keyof Charts, ChartPin>>;
  /** What came to an end, by name. */
  ended: Readonly<Record<string, Ended>>;
}

let read: Catalogue | undefined;

/** The third-party systems that platforms can bring along, and those that came to an end. */
export function catalogue(): Catalogue {
  // A date must stay text, as it stands in the file.
  return read ??= load(catalogueText) as Catalogue;
}
