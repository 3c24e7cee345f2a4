import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

interface JobSpec {
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
}

/** A run that hangs holds up, or piles up with, all that come after. */
export const unboundedJob: Rule = {
  name: "unbounded-job",
  summary: "A job ends in time, does not run beside itself, and is cleaned up",
  severity: "warning",
  check: ({ ofKind }) => [
    ...ofKind("CronJob").flatMap((job) => {
      const { concurrencyPolicy = "Allow", jobTemplate } = job["spec"] as {
        concurrencyPolicy?: string;
        jobTemplate: { spec: JobSpec };
      };
      const faults = [
        ...(jobTemplate.spec.activeDeadlineSeconds === undefined
          ? ["a run that hangs is never ended"]
          : []),
        ...(concurrencyPolicy === "Allow" ? ["a run may begin while the last one still runs"] : []),
      ];
      return faults.map((because) => ({
        object: refOf(job),
        because,
        remedy: "set activeDeadlineSeconds, and concurrencyPolicy Forbid or Replace",
      }));
    }),
    ...ofKind("Job").flatMap((job) => {
      const { activeDeadlineSeconds } = job["spec"] as JobSpec;
      return activeDeadlineSeconds !== undefined ? [] : [{
        object: refOf(job),
        because: "it is never ended when it hangs",
        remedy: "set activeDeadlineSeconds",
      }];
    }),
  ],
};
