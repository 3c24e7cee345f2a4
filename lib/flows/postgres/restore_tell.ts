import type { Context } from "../../core/context.ts";
import { elapsedMs } from "../../core/steps.ts";
import { localAndUtc } from "../../core/local_time.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { quotedName } from "../../postgres/sql_session.ts";
import { keepVerification } from "../backup/keep_verification.ts";
import type { Filled } from "./fill.ts";
import { dropDatabase, type Leftovers } from "./leftovers.ts";
import { describeParts, isPartial, type PartRequest } from "./parts.ts";
import type { Naming } from "./restore_naming.ts";
import type { Globals } from "./restore_roles.ts";
import { dumpSize, type StoredDump } from "./stored_dump.ts";

/** What a restore works with. */
export interface Restore {
  /** The server. */
  access: PostgresAccess;
  /** The backup. */
  stored: StoredDump;
  /** The names of its databases. */
  naming: Naming;
}

/** Tell what will be done, and what earlier restores left. */
export function tellRestore(
  { dropOld = false, ...parts }: PartRequest & { dropOld?: boolean },
  { access, stored, naming, globals, leftovers }: Restore & {
    globals: Globals;
    leftovers: Leftovers;
  },
  { emit, now }: Context,
): void {
  const { record, details, source } = stored;
  const age = now().since(Temporal.Instant.from(record.createdAt)).total("milliseconds");
  const rows = [
    ["Backup", record.id],
    ["Taken", `${record.createdAt}, ${formatDuration(age)} ago`],
    [
      "Of",
      `${details.database} of ${source.scope}/${source.name}, PostgreSQL ${details.server.version}`,
    ],
    ["Size", `${formatBytes(dumpSize(stored))}, on disk ${formatBytes(details.sizeBytes)}`],
    ...isPartial(parts) ? [["With rows", describeParts(parts)]] : [],
    ["To", `${naming.final} at ${access.name}, PostgreSQL ${access.server.version}`],
    ...naming.replaces
      ? [[
        "What is there now",
        `${dropOld ? "is dropped at the end; until then" : "is kept as"} ${naming.before}`,
      ]]
      : [],
    ["Roles to make", globals.roles.join(", ") || "none"],
    ...globals.tablespaces.length > 0
      ? [["Tablespaces", `${globals.tablespaces.join(", ")} lack; all goes to the default one`]]
      : [],
    ...leftovers.unfinished.length > 0
      ? [["Left unfinished", `${leftovers.unfinished.join(", ")}; dropped first`]]
      : [],
  ];
  emit({ type: "table", title: "Restore", columns: ["What", "Which"], rows });
  for (const { name, mark } of leftovers.aside) {
    emit({
      type: "note",
      level: "info",
      message: `${name} is ${mark.database} as it was before a restore of ${
        localAndUtc(Temporal.Instant.from(mark.startedAt))
      }`,
      remedy: dropIt(name),
    });
  }
}

/** Write down that a backup was restored, drop what is not to be kept, and tell what was done. */
export async function finishRestore(
  request: PartRequest & { dropOld?: boolean },
  { access, stored, naming, filled, begunAt }: Restore & {
    filled: Filled;
    begunAt: Temporal.Instant;
  },
  context: Context,
): Promise<void> {
  const { store, source, record } = stored;
  const durationMs = elapsedMs(begunAt, context);
  if (!isPartial(request)) {
    await keepVerification(store, source, {
      id: record.id,
      verifiedAt: context.now().toString(),
      durationMs,
      target: `${naming.final} at ${access.name}`,
      proof: filled.checks[0] ?? "",
      restoredBytes: filled.restoredBytes,
      checks: filled.checks,
    }, context);
  }
  if (naming.replaces && request.dropOld) {
    await dropDatabase(access, naming.before, naming.final);
  } else if (naming.replaces) {
    context.emit({
      type: "note",
      level: "info",
      message: `what was there is kept as ${naming.before}`,
      remedy: dropIt(naming.before),
    });
  }
  context.emit({
    type: "note",
    level: "info",
    message: `${naming.final} is restored from ${record.id} in ${formatDuration(durationMs)}: ${
      filled.checks.join(", ")
    }`,
  });
  context.emit({
    type: "summary",
    backup: record.id,
    database: naming.final,
    restored: true,
    ...naming.replaces && !request.dropOld ? { before: naming.before } : {},
    restoredBytes: filled.restoredBytes,
    durationMs,
    checks: filled.checks,
  });
}

function dropIt(name: string): string {
  return `drop it when it is not needed any more: DROP DATABASE ${quotedName(name)}`;
}
