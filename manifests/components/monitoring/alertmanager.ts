import type { Manifest } from "../../../lib/core/object.ts";
import { partOf } from "../../../lib/platform/monitoring.ts";
import type { AlertmanagerServer, Monitoring, Receiver } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Alertmanager, AlertmanagerConfig } from "../types.ts";
import { antiAffinity, podSecurityContext, resourcesOf } from "../workload/pod.ts";
import { serviceAccount } from "../workload/service_account.ts";
import { disruptionBudget, service } from "./operated.ts";
import { nobody, storageOf, versionOf } from "./prometheus.ts";

/** Alertmanagers, whom they tell of what, and their Service. */
export function alertmanager(monitoring: Monitoring, server: AlertmanagerServer): Manifest[] {
  const { namespace } = monitoring;
  const part = partOf("alertmanager", namespace);
  return [
    ...serviceAccount("alertmanager", {
      namespace,
      image: server.image,
      resources: server.resources,
    }),
    define<Alertmanager>({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Alertmanager",
      metadata: { name: "alertmanager", namespace },
      spec: {
        image: server.image,
        version: versionOf(server.image),
        replicas: server.replicas,
        serviceAccountName: "alertmanager",
        automountServiceAccountToken: false,
        // As the whole configuration, not as a part of it, which would see only alerts of its own namespace.
        alertmanagerConfiguration: { name: "alertmanager" },
        resources: resourcesOf(server.resources),
        storage: server.storage && storageOf(server.storage),
        securityContext: podSecurityContext(nobody),
        affinity: server.replicas > 1 ? antiAffinity("required", part.podLabels) : undefined,
      },
    }),
    define<AlertmanagerConfig>({
      apiVersion: "monitoring.coreos.com/v1alpha1",
      kind: "AlertmanagerConfig",
      metadata: { name: "alertmanager", namespace },
      spec: configuration(server),
    }),
    service(part, server.replicas),
    ...disruptionBudget(part, server.replicas),
  ];
}

/** Source: Alertmanager, "Configuration"; prometheus-operator, AlertmanagerConfigSpec. */
function configuration(
  { receivers, routes }: AlertmanagerServer,
): AlertmanagerConfig["spec"] {
  return {
    route: {
      receiver: routes.warning,
      groupBy: ["alertname", "namespace"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "4h",
      routes: [{
        receiver: routes.critical,
        matchers: [{ name: "severity", matchType: "=", value: "critical" }],
      }],
    },
    receivers: Object.entries(receivers).map(([name, receiver]) => ({
      name,
      ...channels(receiver),
    })),
  };
}

const title = '{{ if eq .Status "firing" }}{{ .Alerts.Firing | len }} firing{{ else }}Resolved' +
  "{{ end }}: {{ .CommonLabels.alertname }}";

const text = "{{ range .Alerts }}*{{ .Annotations.summary }}*\n{{ .Annotations.description }}" +
  "{{ if .Annotations.runbook_url }}\n{{ .Annotations.runbook_url }}{{ end }}\n{{ end }}";

type ReceiverSpec = NonNullable<NonNullable<AlertmanagerConfig["spec"]>["receivers"]>[number];

function channels({ slack, pagerduty, email }: Receiver): Omit<ReceiverSpec, "name"> {
  return {
    slackConfigs: slack && [{
      apiURL: { name: slack.secret, key: slack.key },
      channel: slack.channel,
      sendResolved: true,
      title,
      text,
    }],
    pagerdutyConfigs: pagerduty && [{
      routingKey: { name: pagerduty.secret, key: pagerduty.key },
      sendResolved: true,
      severity: "{{ .CommonLabels.severity }}",
      description: title,
    }],
    emailConfigs: email && [{
      to: email.to,
      from: email.from,
      smarthost: email.server,
      authUsername: email.from,
      authPassword: { name: email.secret, key: email.key },
      requireTLS: true,
      sendResolved: true,
      headers: [{ key: "Subject", value: title }],
    }],
  };
}
