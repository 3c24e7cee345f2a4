import type { InNamespaces } from "../../../../lib/platform/types.ts";
import { is, oneOf, series } from "../promql.ts";
import type { Conditions, Surroundings } from "./condition.ts";

/**
 * Conditions of programs and their pods, by the metrics of kube-state-metrics and of the kubelet.
 * Source: kubernetes/kube-state-metrics, docs/metrics.
 */
export const applicationConditions: Conditions<
  | "targetDown"
  | "applicationDown"
  | "replicasMissing"
  | "crashLooping"
  | "podNotRunning"
  | "jobFailed"
  | "containerNearLimit"
> = {
  targetDown: ({ jobs }) => ({
    expression: `${series("up", { job: oneOf(jobs) })} == 0`,
    summary: "{{ $labels.job }} at {{ $labels.instance }} gives no metrics",
    description:
      "Prometheus cannot reach it, or it answers with an error; alerts about it are blind",
  }),

  applicationDown: (options, surroundings) => {
    const namespace = among(options, surroundings);
    const of = (metric: string) => series(metric, { namespace });
    return {
      expression: byWorkload(
        `${of("kube_deployment_status_replicas_available")} == 0 and ` +
          `${of("kube_deployment_spec_replicas")} > 0`,
        `${of("kube_statefulset_status_replicas_ready")} == 0 and ` +
          `${of("kube_statefulset_replicas")} > 0`,
      ),
      summary: "{{ $labels.namespace }}/{{ $labels.workload }} has no pod that is ready",
      description: "Nobody answers its requests; look at its pods' events and last logs",
    };
  },

  replicasMissing: (options, surroundings) => {
    const namespace = among(options, surroundings);
    const of = (metric: string) => series(metric, { namespace });
    return {
      expression: byWorkload(
        `${of("kube_deployment_status_replicas_available")} < ${
          of("kube_deployment_spec_replicas")
        }`,
        `${of("kube_statefulset_status_replicas_ready")} < ${of("kube_statefulset_replicas")}`,
      ),
      summary: "{{ $labels.namespace }}/{{ $labels.workload }} has only {{ $value }} ready pods",
      description: "It works with less than it should have, and may not survive the next failure",
    };
  },

  crashLooping: (options, surroundings) => ({
    expression: `max by (namespace, pod, container) (increase(${
      series("kube_pod_container_status_restarts_total", {
        namespace: among(options, surroundings),
      })
    }[15m])) > ${options.aboveRestarts}`,
    summary: "{{ $labels.namespace }}/{{ $labels.pod }} restarts again and again",
    description:
      'Container {{ $labels.container }} restarted {{ $value | printf "%.0f" }} times in 15 minutes; ' +
      "its last log says why",
  }),

  podNotRunning: (options, surroundings) => {
    const namespace = among(options, surroundings);
    return {
      expression: `max by (namespace, pod, phase) (${
        series("kube_pod_status_phase", {
          namespace,
          phase: oneOf(["Pending", "Unknown", "Failed"]),
        })
      } == 1) unless on (namespace, pod) ${
        series("kube_pod_owner", { namespace, owner_kind: is("Job") })
      }`,
      summary: "{{ $labels.namespace }}/{{ $labels.pod }} is {{ $labels.phase }}",
      description: "It does not run; its events say what it lacks",
    };
  },

  jobFailed: (options, surroundings) => ({
    expression: `max by (namespace, job_name) (${
      series("kube_job_status_failed", { namespace: among(options, surroundings) })
    }) > 0`,
    summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} has failed",
    description: "It will not be tried again; look at its pods' logs, mend the cause and delete it",
  }),

  containerNearLimit: (options, surroundings) => {
    const namespace = among(options, surroundings);
    const container = '!=""';
    const used = options.resource === "memory"
      ? series("container_memory_working_set_bytes", { namespace, container })
      : `rate(${series("container_cpu_usage_seconds_total", { namespace, container })}[5m])`;
    const limit = series("kube_pod_container_resource_limits", {
      namespace,
      resource: is(options.resource),
    });
    const each = "by (namespace, pod, container)";
    return {
      expression: `100 * max ${each} (${used}) / max ${each} (${limit}) > ${options.abovePercent}`,
      summary:
        `{{ $labels.namespace }}/{{ $labels.pod }} uses {{ $value | printf "%.0f" }} % of its ${options.resource} limit`,
      description: options.resource === "memory"
        ? "Container {{ $labels.container }} is killed when it reaches the limit"
        : "Container {{ $labels.container }} is slowed down when it reaches the limit",
    };
  },
};

function among({ namespaces }: InNamespaces, surroundings: Surroundings): string | undefined {
  return oneOf(namespaces ?? surroundings.namespaces);
}

/** Deployments and StatefulSets alike, with the label `workload` in place of one for each kind. */
function byWorkload(deployments: string, statefulSets: string): string {
  const named = (expression: string, label: string) =>
    `label_replace(${expression}, "workload", "$1", "${label}", "(.+)")`;
  return `max by (namespace, workload) (${named(deployments, "deployment")} or ${
    named(statefulSets, "statefulset")
  })`;
}
