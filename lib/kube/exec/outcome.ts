import { SlipwayError } from "../../core/errors.ts";
import { ProgramFailed } from "../../core/program_failed.ts";
import type { Status } from "../../core/status_error.ts";

/** A program that ran in a pod, as messages name it. */
export interface RanProgram {
  /** What messages call the program. */
  label: string;
  /** Its name or path. */
  name: string;
  /** The pod: `Pod shop/db-0`. */
  place: string;
  /** The last lines of its standard error. */
  stderr: string;
}

/**
 * How a program ended, from the status that comes after all that it printed: undefined when well.
 * Source: k8s.io/apimachinery, pkg/util/remotecommand; k8s.io/kubelet, the status of NonZeroExitCode.
 */
export function failureFrom(status: Status & { status?: string }, ran: RanProgram):
  | SlipwayError
  | undefined {
  if (status.status === "Success") return undefined;
  const { label, name, place, stderr } = ran;
  const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (status.reason === "NonZeroExitCode" && code !== undefined) {
    const exitCode = Number(code);
    return new ProgramFailed({ label, exitCode, stderr }, {
      ...(exitCode === 137
        ? { remedy: `see why ${place} killed it: its container may have run out of memory` }
        : {}),
    });
  }
  const said = status.message ?? status.reason ?? "it does not say why";
  if (/executable file not found|no such file or directory/i.test(said)) {
    return new SlipwayError(`Cannot run ${label} in ${place}: its image has no ${name}`, {
      remedy: `name a container whose image has ${name}`,
    });
  }
  return new SlipwayError(`Cannot run ${label} in ${place}: ${said}`, {
    ...(/dial|connection refused|backend/i.test(said)
      ? { remedy: "check that the pod's node is up: its kubelet must answer the API server" }
      : {}),
  });
}

/** The error for a program of which nobody told how it ended. */
export function lostFrom(
  cause: unknown,
  { label, place, stderr }: RanProgram,
  because: string,
): SlipwayError {
  const words = stderr.trim();
  return new SlipwayError(
    `Lost ${label} in ${place}: ${because}${words === "" ? "" : `; it said: ${words}`}`,
    {
      remedy: "run the same again; what it has done in the pod until then is not known",
      retryable: true,
      cause,
    },
  );
}
