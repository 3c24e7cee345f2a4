import { refOf } from "../../core/object.ts";
import { volumeClaims } from "../claims.ts";
import { coverageOf } from "../covers.ts";
import type { Rule } from "../finding.ts";

/** What no backup covers is gone with its disk. */
export const uncoveredVolume: Rule = {
  name: "uncovered-volume",
  summary: "Each volume is backed up, or the platform says why it need not be",
  severity: "warning",
  check: (view) => {
    const coverage = coverageOf(view.platform);
    return volumeClaims(view).flatMap((claims) =>
      coverage.of(claims).length > 0 || coverage.isExempt(claims) ? [] : [{
        object: refOf(claims.object),
        because: `no backup covers ${
          claims.claim === undefined ? "it" : `its volume ${claims.claim}`
        } of ${claims.size}`,
        remedy: "name it in a job's covers, or say why not in backups.uncovered",
      }]
    );
  },
};
