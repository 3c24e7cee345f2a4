import type { RunProgram } from "../../core/program.ts";
import type { ToolPath } from "../../mongodb/programs.ts";
import type { MongodbTarget } from "../../mongodb/target.ts";

/** A MongoDB that the tools can reach. */
export interface MongodbPlace extends AsyncDisposable {
  /** Name that its backups have. */
  name: string;
  /** What messages call it, such as `rs0 at db-0:27017`. */
  label: string;
  /** Where it is, and who logs in. */
  target: MongodbTarget;
  /** How the tools are reached. */
  via: "connection" | "exec";
  /** What starts a tool. */
  path: ToolPath;
  /** Runs them. */
  run: RunProgram;
  /** Whether it is a member of a replica set, as far as the connection string or the platform tells. */
  replicated: boolean;
}

/** What is to be done there. */
export type MongodbPurpose = "backup" | "restore";
