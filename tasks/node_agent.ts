/**
 * The node agent of an embedded cluster: started by `cluster up`, not by people. It reads
 * KUBECONFIG, prints `ready` once it acts, tells failures on standard error, and ends at
 * SIGTERM or SIGINT.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { createRedactor } from "../lib/core/redact.ts";
import { nodeAgent } from "../lib/flows/embedded/node_agent.ts";
import { type Screen, standardError, standardOutput } from "../lib/ui/screen.ts";

const ending = new AbortController();
const redactor = createRedactor();
const [output, errors] = [standardOutput(), standardError()];

/** A disk that is full under the log must not end the agent. */
function tell(screen: Screen, line: string): void {
  try {
    screen.write(`${line}\n`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => ending.abort());
}

try {
  await nodeAgent({ ready: () => tell(output, "ready") }, {
    cwd: Deno.cwd(),
    env: (name) => Deno.env.get(name),
    now: () => Temporal.Now.instant(),
    redactor,
    signal: ending.signal,
    emit(event) {
      if (event.type !== "note") return;
      const { level, message } = event;
      tell(errors, redactor.redact(`${Temporal.Now.instant()} ${level}: ${message}`));
    },
  });
  Deno.exit(0);
} catch (error) {
  tell(errors, redactor.redact(`error: ${messageOf(error)}`));
  Deno.exit(1);
}
