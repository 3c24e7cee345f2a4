import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { runHere } from "../../local/run_program.ts";
import type { Platform } from "../../platform/types.ts";
import {
  accessByConnection,
  accessInPod,
  type ConnectOptions,
  type PostgresAccess,
} from "../../postgres/access.ts";
import { parseDatabaseUrl } from "../../postgres/target.ts";
import type { TargetRequest } from "../target.ts";
import { findLogin, type LoginRequest, withTlsFiles } from "./login.ts";
import { primaryPod, superuserOf } from "./pod.ts";
import { type ServiceChoice, serviceTarget } from "./service_target.ts";

/** A server that can be reached until it is disposed of. */
export type OpenAccess = PostgresAccess & AsyncDisposable;

/**
 * Reach the server of a URL.
 *
 * @throws {SlipwayError} when it cannot be reached
 */
export async function openByConnection(
  request: LoginRequest,
  connection: string,
  context: Context,
): Promise<OpenAccess> {
  const { target, files: named } = parseDatabaseUrl(connection);
  const files = Object.fromEntries(
    Object.entries(named).map(([key, path]) => [key, resolve(context.cwd, path)]),
  );
  const login = await findLogin(request, { target }, context);
  return await connected({ target, files, login }, context);
}

/**
 * Reach a platform's server at its Service, as pods do.
 *
 * @throws {SlipwayError} when it cannot be reached
 */
export async function openService(
  request: LoginRequest,
  platform: Platform,
  choice: ServiceChoice,
  context: Context,
): Promise<OpenAccess> {
  const { target, files, secret } = serviceTarget(platform, choice, context);
  const login = await findLogin(request, { target, secret }, context);
  return await connected({ target, files, login }, context);
}

async function connected(
  { target, files, login }: Pick<ConnectOptions, "target" | "files" | "login">,
  context: Context,
): Promise<OpenAccess> {
  const { env, redactor, signal } = context;
  const access = await accessByConnection({
    target: await withTlsFiles(target, files, context),
    ...{ login, files, env, redactor, signal },
    run: runHere(context),
  });
  return { ...access, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/**
 * Reach a platform's server in the pod that takes writes.
 *
 * @throws {SlipwayError} when there is none, or it cannot be reached
 */
export async function openInPod(
  request: LoginRequest & TargetRequest,
  platform: Platform,
  name: string,
  context: Context,
): Promise<OpenAccess> {
  // Whoever dumps over a connection need not wait for what speaks with clusters.
  const { openSession } = await import("../session.ts");
  const { runInPod } = await import("../../kube/exec/run_in_pod.ts");
  const { signal } = context;
  const declared = platform.postgres[name]!;
  const session = await openSession(request, platform.target, context);
  try {
    const pod = await primaryPod(session.client, name, declared, signal);
    // A job has the keys of the server's Secret in its environment, and need not read it.
    const ofJob = declared.kind === "statefulset" ? context.env(declared.secret.userKey) : "";
    const user = request.role || ofJob || await superuserOf(session.client, declared, signal);
    const access = await accessInPod({
      name: `pod ${pod.namespace}/${pod.name}`,
      run: runInPod(session.client, pod),
      ...{ user, signal },
    });
    return { ...access, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}
