import { parse } from "yaml";
import { groupOf, type Manifest } from "../core/object.ts";

/** A release whose CustomResourceDefinitions are installed. */
export interface CrdPin {
  /** Name of the system, such as `traefik`. */
  name: string;
  /** Tag of the release. */
  version: string;
  /** API groups of the definitions. */
  groups: string[];
  /** Owner and name of the repository on GitHub. */
  repository: string;
  /** Go module that carries the same repository. */
  module: string;
  /** Folder of the repository that is the module, when that is not the repository itself. */
  moduleRoot?: string;
  /** Folder of the files in the repository. */
  folder: string;
  /** SHA-256 of each file, in hexadecimal digits, by file name. */
  files: Record<string, string>;
}

/** The pins that define an API group which some manifests use; the others need not be obtained. */
export function pinsUsedBy(manifests: readonly Manifest[], pins: readonly CrdPin[]): CrdPin[] {
  const used = new Set(manifests.map(({ apiVersion }) => groupOf(apiVersion)));
  return pins.filter(({ groups }) => groups.some((group) => used.has(group)));
}

/** Read the pins from the text of manifests/crds.yaml. */
export function parsePins(text: string): CrdPin[] {
  const pins = parse(text) as Record<string, Omit<CrdPin, "name">>;
  return Object.entries(pins).map(([name, pin]) => ({ name, ...pin }));
}
