import type { Manifest } from "../../../lib/core/object.ts";
import type { CronJobOptions, PodOptions } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { CronJob } from "../types.ts";
import { podTemplate } from "./pod.ts";
import { serviceAccount } from "./service_account.ts";

/** Annotation with the reason why a CronJob does not run for now. */
export const suspendedBecauseAnnotation = "slipway.dev/suspended-because";

/** A program that runs by the clock and ends, with its service account and rights. */
export function cronJob(name: string, options: CronJobOptions): Manifest[] {
  const { suspend } = options;
  return [
    ...serviceAccount(name, options),
    define<CronJob>({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: {
        name,
        namespace: options.namespace,
        annotations: suspend && { [suspendedBecauseAnnotation]: suspend.because },
      },
      spec: {
        schedule: options.schedule,
        timeZone: options.timeZone ?? "Etc/UTC",
        suspend: suspend !== undefined,
        concurrencyPolicy: options.concurrency ?? "Forbid",
        // A run that was missed by more than this is left to the next time.
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: {
            activeDeadlineSeconds: options.deadlineSeconds,
            backoffLimit: options.retries ?? 2,
            template: podTemplate(name, ending(options), { restartPolicy: "Never" }),
          },
        },
      },
    }),
  ];
}

/** A pod that ends only when all that runs in it does: the agent must not stay beside the program. */
function ending({ vaultAgent, ...options }: CronJobOptions): PodOptions {
  return { ...options, vaultAgent: vaultAgent && { ...vaultAgent, onlyAtStart: true } };
}
