import { checkApps } from "./check/apps.ts";
import { checkBackups } from "./check/backup.ts";
import { checkData } from "./check/data.ts";
import { checkEdges } from "./check/edges.ts";
import { checkCharts } from "./check/charts.ts";
import { checkFlows } from "./check/flows.ts";
import { checkGuard } from "./check/guard.ts";
import { checkGitops } from "./check/gitops.ts";
import { checkNamespaces } from "./check/namespaces.ts";
import { checkMonitoring } from "./check/monitoring.ts";
import { checkNodes } from "./check/nodes.ts";
import { checkSecrets } from "./check/secrets.ts";
import { checkStorage } from "./check/storage.ts";
import { checkWorkloads } from "./check/workloads.ts";
import type { Mistake } from "./mistake.ts";
import type { Platform } from "./types.ts";

/** What a schema cannot see: references to what nobody declares, and parts that cannot work together. */
export function checkPlatform(platform: Platform): Mistake[] {
  return [
    ...checkNodes(platform),
    ...checkNamespaces(platform),
    ...checkWorkloads(platform),
    ...checkApps(platform),
    ...checkStorage(platform),
    ...checkData(platform),
    ...checkEdges(platform),
    ...checkSecrets(platform),
    ...checkGitops(platform),
    ...checkCharts(platform),
    ...checkBackups(platform),
    ...checkMonitoring(platform),
    ...checkGuard(platform),
    ...checkFlows(platform),
  ];
}
