import type { ObjectRef } from "../../core/object.ts";

/** Where something is kept, which says what becomes of it when the cluster is lost. */
export type Place = "people" | "outside" | "store" | "cluster";

/** What it is that is kept. */
export type NodeKind =
  | "holder"
  | "account"
  | "shares"
  | "transit key"
  | "vault"
  | "backup"
  | "credentials"
  | "secrets"
  | "sealing keys"
  | "sealed secrets";

/** A key, or what keys open. */
export interface KeyNode {
  /** Its kind and name, by which others name it. */
  id: string;
  /** What it is. */
  kind: NodeKind;
  /** What it is called. */
  name: string;
  /** Where it is kept. */
  place: Place;
  /** Where it is kept, as people say it. */
  keptAt: string;
  /** How it can be had: by any of these. What only runs in the cluster, with nothing to restore it from, has none. */
  ways: Way[];
  /** Objects that it is about, as a review names them. */
  objects: ObjectRef[];
  /** It is lost with the cluster, whatever opens it as long as it is there. */
  lost?: boolean;
  /** Ids of what it is a backup of. */
  protects?: string[];
  /** Why it may be lost. */
  harmless?: string;
  /** Nobody says where it is. */
  unnamed?: boolean;
}

/** One way to get at something: all of what it needs, together. */
export interface Way {
  /** What is done. */
  what: string;
  /** What that needs. */
  needs: Need[];
}

/** So many of some things, each named by its id, and as often as it counts. */
export interface Need {
  /** Of which. */
  of: string[];
  /** How many of them. */
  atLeast: number;
}
