import { SlipwayError } from "../../core/errors.ts";
import { createRedactor, type Redactor } from "../../core/redact.ts";
import { type Status, StatusError } from "../../core/status_error.ts";
import type { Credential } from "../connection/auth.ts";
import { credentialProblem } from "../connection/auth_expiry.ts";
import { ConnectionFailed } from "./connection_error.ts";
import { breaksBudget } from "./status_answer.ts";

/** What it takes to explain a failure. */
export interface Explaining {
  /** URL of the API server. */
  server: string;
  /** Name of the kubeconfig's context. */
  contextName: string;
  /** Hides secrets in what servers answer. */
  redactor: Redactor;
  /** The time now. */
  now: () => Temporal.Instant;
}

/**
 * The error for a refusal, with its remedy where one is known.
 *
 * @param secrets values that must not appear in this error
 */
export async function refusalOf(
  tried: string,
  status: Status,
  credential: Credential,
  { contextName, redactor, now }: Explaining,
  secrets: readonly string[] = [],
): Promise<StatusError> {
  const told = breaksBudget(status) ? budgetMessage(status) : status.message;
  const message = told === undefined
    ? undefined
    : withoutValues(redactor.redact(withoutObjects(told)), secrets);
  if (status.code !== 401) {
    const wrongManifest = isWrongManifest(status);
    return new StatusError(tried, { ...status, message }, {
      remedy: wrongManifest ? "mend the manifest at that field" : remedyFor(status),
      ...(wrongManifest ? { retryable: false } : {}),
    });
  }
  const problem = await credentialProblem(credential, now());
  const said = message ?? "Unauthorized";
  return new StatusError(
    tried,
    { ...status, message: problem === undefined ? said : `${said}: ${problem.because}` },
    {
      remedy: problem?.remedy ??
        `the server does not accept the credential of context ${contextName}: log in again, or fetch a fresh kubeconfig from the cluster`,
    },
  );
}

/** The error for a request that got no answer. */
export async function connectionFailure(
  tried: string,
  error: unknown,
  credential: Credential,
  { server, now }: Explaining,
): Promise<SlipwayError> {
  const failed = new ConnectionFailed(tried, server, error);
  if (failed.problem !== "client-certificate-refused") return failed;
  const problem = await credentialProblem(credential, now());
  return problem === undefined
    ? failed
    : new SlipwayError(`Cannot ${tried} at ${server}: ${problem.because}`, {
      remedy: problem.remedy,
      cause: error,
    });
}

/** Some refusals quote the whole live object, which may be a Secret and is of no help. */
function withoutObjects(message: string): string {
  return message.replace(/"\{\\"(?:[^"\\]|\\.)*"/g, "(the whole object)");
}

/** Values of the object that was sent, hidden in this message only: they may be as common as "true". */
function withoutValues(message: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return message;
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor.redact(message);
}

/** A server-side apply of fields that do not fit the schema is answered with 500, but is no fault of the server. */
function isWrongManifest({ code, message }: Status): boolean {
  return code === 500 && /^failed to (create typed patch|convert new) object/.test(message ?? "");
}

/** The server's message says only that a budget is in the way; which one is in the causes. */
function budgetMessage({ message, details }: Status): string {
  const causes = (details?.causes ?? []).map((cause) => cause.message ?? "");
  return [(message ?? "").replace(/\.$/, ""), ...causes].filter((text) => text !== "").join(": ");
}

function remedyFor(status: Status): string | undefined {
  if (breaksBudget(status)) {
    return "wait until the workload has spare ready pods, or raise maxUnavailable of its PodDisruptionBudget";
  }
  if (status.code === 403 && status.message?.includes('"system:anonymous"')) {
    return "give the kubeconfig's user a credential: the server sees nobody";
  }
  if (status.code === 403 && /User ".*" cannot /.test(status.message ?? "")) {
    return "use a user whose roles allow it, or have an administrator bind such a role";
  }
  if (status.code >= 300 && status.code < 400) {
    return "check that the server URL is the API server's own";
  }
  return undefined;
}
