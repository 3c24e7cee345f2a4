/** A task for tests of signals: it waits until it is interrupted, and with `--stubborn` even longer. */
import { command, run } from "../../tasks/shared/cli.ts";

const cli = command("patient", "Wait").option("--stubborn", "do not end in order");

await run(cli, async ({ stubborn }, context) => {
  const forever = setInterval(() => {}, 60_000);
  context.emit({ type: "stage", stage: "Wait", state: "started" });
  await new Promise((resolve) => {
    if (!stubborn) context.signal.addEventListener("abort", resolve);
  });
  clearInterval(forever);
  context.signal.throwIfAborted();
});
