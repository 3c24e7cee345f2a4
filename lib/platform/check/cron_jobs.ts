import type { Mistake, Path } from "../mistake.ts";
import type { CronJobOptions } from "../types.ts";

/** Jobs are named after their CronJob, with eleven characters more. Source: k8s.io/kubernetes, batch validation of CronJobs. */
const longestName = 52;

/** What only programs by the clock can get wrong. */
export function checkCronJob(path: Path, name: string, job: CronJobOptions): Mistake[] {
  return [
    ...(name.length <= longestName ? [] : [{
      path,
      message: `a name of ${name.length} characters, expected at most ${longestName} for a CronJob`,
      atKey: true,
    }]),
    ...(job.timeZone === undefined || isTimeZone(job.timeZone) ? [] : [{
      path: [...path, "timeZone"],
      message: `${job.timeZone} is no time zone, expected one such as Europe/Berlin`,
    }]),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
