import { messageOf } from "../core/errors.ts";
import { type Document, readDocuments } from "./document.ts";
import { Malformed } from "./errors.ts";

/** What a file of a tree holds. */
export interface TreeContent {
  /** Its objects. */
  objects: Document[];
  /** Why it could not be read; undefined when it could. No text of the file is in it. */
  broken?: string;
}

/**
 * Whether a file may hold Secrets or SealedSecrets, or is a platform file: a quick look that spares reading most files
 * of a repository.
 */
export function mayHoldSecrets(text: string): boolean {
  return /\bkind["']?\s*:\s*["']?(Sealed)?Secret(List)?\b/.test(text) ||
    /^(sealedSecrets|environments)\s*:/m.test(text);
}

/**
 * Read the objects of a YAML or JSON file of a repository, where not all files are in order.
 *
 * @param source the file, for messages
 */
export function readTreeFile(text: string, source: string): TreeContent {
  try {
    return { objects: readDocuments(text, source) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const broken = /\{\{.*\}\}/.test(text)
      ? "it is a template, which only its program can fill"
      : messageOf(error);
    return { objects: [], broken };
  }
}
