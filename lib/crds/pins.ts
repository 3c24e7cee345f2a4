import { parse } from "yaml";

/** A release whose CustomResourceDefinitions are installed. */
export interface CrdPin {
  /** Name of the system, such as `traefik`. */
  name: string;
  /** Tag of the release. */
  version: string;
  /** Owner and name of the repository on GitHub. */
  repository: string;
  /** Go module that carries the same repository. */
  module: string;
  /** Folder of the files in the repository. */
  folder: string;
  /** SHA-256 of each file, in hexadecimal digits, by file name. */
  files: Record<string, string>;
}

/** Read the pins from the text of manifests/crds.yaml. */
export function parsePins(text: string): CrdPin[] {
  const pins = parse(text) as Record<string, Omit<CrdPin, "name">>;
  return Object.entries(pins).map(([name, pin]) => ({ name, ...pin }));
}
