import { SlipwayError } from "../core/errors.ts";
import { ProgramFailed } from "../core/program_failed.ts";

/** What the tools say, and what can be done about it. The first that fits counts. Source: mongo-tools, mongo-go-driver. */
const remedies: readonly [pattern: RegExp, remedy: string][] = [
  [
    /auth(entication)? ?(error|failed)|AuthenticationFailed|SCRAM/i,
    "see whether user and password are right, and whether the connection string names the user's database by authSource",
  ],
  [
    /not authorized on|requires authentication|Unauthorized/i,
    "give the user the role backup of the database admin to dump, and restore to restore",
  ],
  [
    /oplog overflow|rolled over/i,
    "give the members a larger oplog (replSetResizeOplog), or dump when less is written",
  ],
  [
    /error finding oplog|no oplog|oplog mode only supported|can't use --oplog/i,
    "the server is no member of a replica set: dump it with --no-oplog",
  ],
  [
    /server selection (error|timeout)|no reachable servers|connection\(.*\)|connection refused|i\/o timeout/i,
    "see whether the hosts of the connection string can be reached from here; a replica set is reached by the names that its members have",
  ],
  [
    /certificate|x509|tls:/i,
    "name the authority of the server's certificate by tlsCAFile in the connection string",
  ],
  [/no space left|OutOfDiskSpace/i, "make room on the server's volume"],
];

/** A failure of a tool, with what can be done about it where that is known. */
export function mongodbFailure(error: unknown): unknown {
  if (!(error instanceof ProgramFailed) || error.remedy !== undefined) return error;
  if (error.end.exitCode === 127) return new ProgramFailed(error.end, { remedy: install });
  const [, remedy] = remedies.find(([pattern]) => pattern.test(error.end.stderr)) ?? [];
  return remedy === undefined ? error : new ProgramFailed(error.end, { remedy, cause: error });
}

const install =
  "install the MongoDB Database Tools (package mongodb-database-tools), name their folder in SLIPWAY_MONGODB_BIN, or use those of the server's own pod with --via exec";

/** That a tool cannot be started, with what can be done about it. */
export function toolMissing(tool: string, error: unknown): unknown {
  if (!(error instanceof SlipwayError) || error instanceof ProgramFailed) return error;
  return error.message.startsWith("Cannot start")
    ? new SlipwayError(
      `Cannot start ${tool}: ${error.message.replace(/^Cannot start [^:]*: /, "")}`,
      {
        remedy: install,
        cause: error,
      },
    )
    : error;
}
