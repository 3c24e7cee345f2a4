/**
 * What a flow tells while it runs. Flows emit events and never print;
 * `lib/ui` turns them into live lines, plain lines or JSON lines.
 */
export type SlipwayEvent =
  | TargetEvent
  | StageEvent
  | ChangeEvent
  | WaitEvent
  | NoteEvent
  | TableEvent
  | SummaryEvent;

/** Which cluster is about to be looked at or changed; emitted before anything happens. */
export interface TargetEvent {
  /** Discriminates the union. */
  type: "target";
  /** True for the embedded cluster. */
  embedded: boolean;
  /** Name of the embedded cluster, or of the kubeconfig context. */
  name: string;
  /** URL of the API server; unknown while an embedded cluster does not run yet. */
  server?: string;
}

/** A stage of a flow began, moved on or ended. Stages of one flow have distinct names. */
export interface StageEvent {
  /** Discriminates the union. */
  type: "stage";
  /** What is being done, in the present tense: `Apply workloads`. */
  stage: string;
  /** Where the stage stands. */
  state: "started" | "progress" | "done" | "failed" | "skipped";
  /** What it does just now, or what it did. */
  detail?: string;
  /** How many steps are done. */
  done?: number;
  /** How many steps there are. */
  total?: number;
  /** Time since the stage started, in milliseconds; with `done` and `failed`. */
  durationMs?: number;
}

/** What a plan says of one object, or what an apply did with it. */
export interface ChangeEvent {
  /** Discriminates the union. */
  type: "change";
  /** Whether this is intended (`plan`) or done (`apply`). */
  phase: "plan" | "apply";
  /** What happens to the object. */
  action: "created" | "configured" | "unchanged" | "pruned" | "kept" | "conflicted" | "failed";
  /** The object, as {@linkcode subjectOf} names it. */
  subject: string;
  /** Why, in one line. */
  because?: string;
  /** Field changes, one readable line each; Secret values are never in them. */
  diff?: readonly string[];
}

/** A resource is waited for; emitted when its verdict changes. */
export interface WaitEvent {
  /** Discriminates the union. */
  type: "wait";
  /** The object, as {@linkcode subjectOf} names it. */
  subject: string;
  /** Its verdict. */
  state: "waiting" | "ready" | "failed" | "admitted";
  /** Why it is in that state. */
  because: string;
}

/** Something the reader should know. */
export interface NoteEvent {
  /** Discriminates the union. */
  type: "note";
  /** How much it matters. */
  level: "info" | "warning";
  /** One sentence without a final period. */
  message: string;
  /** What to do about it. */
  remedy?: string;
}

/** A table for the reader, at the end of a flow. */
export interface TableEvent {
  /** Discriminates the union. */
  type: "table";
  /** What the table shows. */
  title: string;
  /** Column headings. */
  columns: readonly string[];
  /** Rows, each with one cell a column. */
  rows: readonly (readonly string[])[];
}

/** The last event of a flow: its figures. Keys besides `type` differ by task and are documented there. */
export interface SummaryEvent {
  /** Discriminates the union. */
  type: "summary";
  /** Figures and states of the run, such as `created`, `failed` and `durationMs`. */
  [figure: string]: unknown;
}

/** Receives the events of a flow, in order. Must not throw. */
export type Emit = (event: SlipwayEvent) => void;
