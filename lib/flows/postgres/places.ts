import { closest } from "../../core/closest.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { Platform } from "../../platform/types.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { isLoopback, nameOfServer, parseDatabaseUrl } from "../../postgres/target.ts";
import type { ChosenJob } from "../backup/job.ts";
import { scopeOf } from "../backup/place.ts";
import { hostName } from "../holder.ts";
import type { TargetRequest } from "../target.ts";
import type { LoginRequest } from "./login.ts";
import { openByConnection, openInPod, openService } from "./open.ts";

/** Which servers are meant, and how they are reached, as the command line says. */
export interface ServerRequest extends LoginRequest, TargetRequest {
  /** URL of a server, without a password. @default that of the platform's job */
  connection?: string;
  /** Whether programs run here, or in the server's own pod. @default as the job says, else "connection" */
  via?: "connection" | "exec";
  /** One of the platform's `postgres` or `externalServices`. @default what the job covers */
  server?: string;
  /** Name of the server in the store. @default its name in the platform, else its host and port */
  storedAs?: string;
}

/** A server with databases, and its name in stores. */
export interface PostgresPlace {
  /** What it belongs to: platform and environment, or `standalone`. */
  scope: string;
  /** Its name there. */
  name: string;
  /** Section and name in the platform, such as `postgres/main`; its name where there is none. */
  subject: string;
  /** Reach it. @throws {SlipwayError} when it cannot be reached */
  open(context: Context): Promise<PostgresAccess & AsyncDisposable>;
}

/** What is known of the platform. */
export interface PlaceSource {
  /** The platform, where one is named. */
  platform?: Platform | undefined;
  /** What is to be done. */
  job: ChosenJob;
}

/** One of a platform's servers. */
interface Subject {
  section: "postgres" | "externalServices";
  name: string;
}

/**
 * The servers that are meant.
 *
 * @throws {UsageError} when nothing says which, or not all that is said can be at once
 */
export function postgresPlaces(
  request: ServerRequest,
  { platform, job }: PlaceSource,
  { env }: Pick<Context, "env">,
): PostgresPlace[] {
  const connection = request.connection ?? job.connection;
  const via = request.via ?? (request.connection === undefined ? job.via : undefined) ??
    "connection";
  const subjects = platform === undefined ? [] : subjectsOf(request, platform, job);
  const scope = scopeOf(platform);
  if (via === "exec") {
    const outside = subjects.find(({ section }) => section !== "postgres");
    if (platform === undefined || subjects.length === 0 || outside !== undefined) {
      throw new UsageError(
        outside === undefined
          ? "Cannot tell in which pod to run pg_dump: no Postgres of a platform is named"
          : `Cannot run pg_dump in a pod of externalServices/${outside.name}: the platform has none`,
        { remedy: "name one of the platform's postgres with --server, or use --via connection" },
      );
    }
    if (request.connection !== undefined) {
      throw new UsageError("Cannot use --connection together with --via exec", {
        remedy: "with --via exec, name the server with --server",
      });
    }
  }
  if (request.storedAs !== undefined && subjects.length > 1) {
    throw new UsageError(`Cannot store ${subjects.length} servers under one name`, {
      remedy: "name one of them with --server",
    });
  }
  if (via === "connection" && connection !== undefined && subjects.length < 2) {
    const { target } = parseDatabaseUrl(connection);
    // Two machines may well keep their backups in one store.
    const host = isLoopback(target.host) ? hostName(env) : target.host;
    const [subject] = subjects;
    const name = request.storedAs ?? subject?.name ?? nameOfServer({ ...target, host });
    return [{
      scope,
      name,
      subject: subject === undefined ? name : `${subject.section}/${subject.name}`,
      open: (context) => openByConnection(request, connection, context),
    }];
  }
  if (platform === undefined || subjects.length === 0 || connection !== undefined) {
    throw new UsageError(
      subjects.length > 1
        ? `Cannot reach ${subjects.length} servers by one connection`
        : "Cannot tell which Postgres is meant",
      {
        remedy:
          "name it with --connection postgresql://role@host/database, or one of the platform's with --platform and --server",
      },
    );
  }
  return subjects.map((subject) => ({
    scope,
    name: request.storedAs ?? subject.name,
    subject: `${subject.section}/${subject.name}`,
    open: (context) =>
      via === "exec"
        ? openInPod(request, platform, subject.name, context)
        : openService(request, platform, {
          ...subject,
          from: platform.backups?.jobs[job.name ?? ""]?.namespace,
        }, context),
  }));
}

function subjectsOf(request: ServerRequest, platform: Platform, job: ChosenJob): Subject[] {
  const known: Subject[] = [
    ...Object.keys(platform.postgres).map((name) => ({ section: "postgres" as const, name })),
    ...Object.keys(platform.externalServices)
      .map((name) => ({ section: "externalServices" as const, name })),
  ];
  const wanted = request.server;
  if (wanted !== undefined) {
    const found = known.find(({ section, name }) =>
      name === wanted || `${section}/${name}` === wanted
    );
    if (found !== undefined) return [found];
    const near = closest(wanted, known.map(({ name }) => name));
    const names = known.map(({ section, name }) => `${section}/${name}`).join(", ");
    throw new UsageError(`The platform ${platform.name} has no Postgres ${wanted}`, {
      remedy: near !== undefined
        ? `did you mean ${near}?`
        : known.length === 0
        ? "name it with --connection"
        : `name one of ${names}`,
    });
  }
  const covered = known.filter(({ section, name }) =>
    job.covers.some((each) => each.section === section && each.name === name)
  );
  if (covered.length > 0) return covered;
  const own = known.filter(({ section }) => section === "postgres");
  return request.connection === undefined && own.length === 1 ? own : [];
}
