import type { Mistake } from "../mistake.ts";
import type { Monitoring, Platform, SecretKey } from "../types.ts";
import { keysNeeded } from "./secret_keys.ts";

/** Secrets that the parts of a monitoring read must be declared, with the keys that they want. */
export function checkMonitoringSecrets(monitoring: Monitoring, platform: Platform): Mistake[] {
  const { alertmanager, grafana, prometheus } = monitoring;
  const check = keysNeeded(monitoring.namespace, platform);
  const one = (path: string[], key: SecretKey | undefined) =>
    key === undefined ? [] : check(["monitoring", ...path], "secret", key.secret, { key: key.key });
  return [
    ...one(["prometheus", "thanos"], prometheus.thanos),
    ...Object.entries(alertmanager?.receivers ?? {}).flatMap(([name, receiver]) =>
      (["slack", "pagerduty", "email"] as const).flatMap((channel) =>
        one(["alertmanager", "receivers", name, channel], receiver[channel])
      )
    ),
    ...one(["grafana", "admin"], grafana?.admin),
    ...(grafana?.database === undefined
      ? []
      : check(["monitoring", "grafana", "database"], "secret", grafana.database.secret, {
        userKey: grafana.database.userKey,
        passwordKey: grafana.database.passwordKey,
      })),
    ...(grafana?.sso === undefined
      ? []
      : check(["monitoring", "grafana", "sso"], "secret", grafana.sso.secret, {
        clientIdKey: grafana.sso.clientIdKey,
        clientSecretKey: grafana.sso.clientSecretKey,
      })),
  ];
}
