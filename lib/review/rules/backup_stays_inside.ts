import { refOf } from "../../core/object.ts";
import { volumeClaims } from "../claims.ts";
import { coverageOf } from "../covers.ts";
import type { Rule } from "../finding.ts";

/** Backups that live on what they protect are lost together with it. */
export const backupStaysInside: Rule = {
  name: "backup-stays-inside",
  summary: "At least one backup of each volume leaves the cluster",
  severity: "warning",
  check: (view) => {
    const coverage = coverageOf(view.platform);
    return volumeClaims(view).flatMap((claims) => {
      const covers = coverage.of(claims);
      if (covers.length === 0 || covers.some(({ leavesCluster }) => leavesCluster)) return [];
      return [{
        object: refOf(claims.object),
        because: `all backups of ${
          claims.claim === undefined ? "it" : `its volume ${claims.claim}`
        } stay on this cluster: ${[...new Set(covers.map(({ by }) => by))].join(", ")}`,
        remedy: "copy one of them to a store elsewhere",
      }];
    });
  },
};
