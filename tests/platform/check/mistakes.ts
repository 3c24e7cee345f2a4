import { checkPlatform } from "../../../lib/platform/check.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { CronJobOptions, Platform } from "../../../lib/platform/types.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";

/** Mistakes of a platform with some sections, each as `path: message`. */
export function mistakesOf(changes: Partial<Platform>): string[] {
  return checkPlatform(samplePlatform(changes)).map(({ path, message }) =>
    `${pathText(path)}: ${message}`
  );
}

/** Mistakes of a platform whose workload `web` differs from the usual. */
export function mistakesOfWorkload(
  changes: Parameters<typeof sampleWorkload>[0],
  sections: Partial<Platform> = {},
): string[] {
  return mistakesOf({ workloads: { web: sampleWorkload(changes) }, ...sections });
}

/** A cron job that has only what every cron job needs. */
export function sampleCronJob(changes: Partial<CronJobOptions> = {}): CronJobOptions {
  const { namespace, image, resources } = sampleWorkload();
  return {
    namespace,
    image,
    resources,
    schedule: "0 4 * * *",
    deadlineSeconds: 600,
    ...changes,
  };
}
