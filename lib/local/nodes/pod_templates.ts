import { Simulation, startableCondition } from "./names.ts";
import {
  completed,
  condition,
  identity,
  readinessConditions,
  runningContainers,
  sidecarsEnd,
  thisVersion,
  unreadyList,
  variables,
} from "./pod_template_parts.ts";

/** Init containers have run; sidecars among them go on. */
export const initialise = `
${variables}
${thisVersion}
status:
  observedGeneration: {{ .metadata.generation | default 1 }}
  conditions:
  ${condition("Initialized", '"True"')}
  initContainerStatuses:
  {{ range .spec.initContainers }}
  {{ $restarts := 0 }}
  {{ $started := $now }}
  {{ $sidecar := eq (.restartPolicy | default "") "Always" }}
  - ready: true
    started: {{ $sidecar }}
    restartCount: 0
    ${identity}
    {{ if $sidecar }}
    state:
      running:
        startedAt: {{ $now | Quote }}
    {{ else }}
    ${completed}
    {{ end }}
  {{ end }}
`;

/** The containers run. Those without a probe are ready at once, as on a real node. */
export const run = `
${variables}
${thisVersion}
status:
  phase: Running
  observedGeneration: {{ .metadata.generation | default 1 }}
  ${
  runningContainers(
    `not (or .readinessProbe .startupProbe (eq .name $crashing) (eq $mode "${Simulation.neverReady}"))`,
  )
}
  conditions:
  ${readinessConditions}
`;

/** The probes have passed. */
export const becomeReady = `
${variables}
${thisVersion}
status:
  observedGeneration: {{ .metadata.generation | default 1 }}
  ${runningContainers("true")}
  conditions:
  ${readinessConditions}
`;

/** The readiness gates are open. */
export const passGates = `
${variables}
${thisVersion}
status:
  conditions:
  ${condition("Ready", '"True"')}
`;

const end = (phase: string, outcome: string, reason: string) => `
${variables}
${thisVersion}
status:
  phase: ${phase}
  observedGeneration: {{ .metadata.generation | default 1 }}
  containerStatuses:
  {{ range $index, $container := .spec.containers }}
  {{ $before := index $pod.status.containerStatuses $index }}
  {{ $restarts := $before.restartCount | default 0 }}
  {{ $started := (($before.state).running).startedAt | default $now }}
  - ready: false
    started: false
    restartCount: {{ $restarts }}
    ${identity}
    {{ with $before.lastState }}
    lastState: {{ . | toJson }}
    {{ end }}
    ${outcome}
  {{ end }}
  ${sidecarsEnd}
  conditions:
  ${condition(startableCondition, '"False"')}
  ${condition("Initialized", '"True"', reason)}
  ${condition("ContainersReady", '"False"', reason)}
  ${condition("Ready", '"False"', reason)}
`;

/** All containers have done their work. */
export const complete: string = end("Succeeded", completed, "PodCompleted");

const crashedState = `
        exitCode: {{ $exitCode }}
        reason: Error
        {{ with $message }}
        message: {{ . | Quote }}
        {{ end }}
        startedAt: {{ $started | Quote }}
        finishedAt: {{ $now | Quote }}
`;

/** The crashing container has ended the pod for good. */
export const fail: string = end(
  "Failed",
  `
    {{ if eq .name $crashing }}
    state:
      terminated:
        ${crashedState}
    {{ else }}
    ${completed}
    {{ end }}
`,
  "PodFailed",
);

/** The containers were ended from outside, as on deletion. */
export const terminate: string = end(
  "Failed",
  `
    state:
      terminated:
        exitCode: 143
        reason: Error
        startedAt: {{ $started | Quote }}
        finishedAt: {{ $now | Quote }}
`,
  "PodFailed",
);

/** The crashing container has ended, and waits for its next start. */
export const crash = `
${variables}
${thisVersion}
status:
  observedGeneration: {{ .metadata.generation | default 1 }}
  {{ $unready := list }}
  containerStatuses:
  {{ range $index, $container := .spec.containers }}
  {{ $before := index $pod.status.containerStatuses $index }}
  {{ $restarts := $before.restartCount | default 0 | int }}
  {{ $started := (($before.state).running).startedAt | default $now }}
  {{ if eq .name $crashing }}
  {{ $unready = append $unready .name }}
  - ready: false
    started: false
    restartCount: {{ add $restarts 1 }}
    ${identity}
    state:
      waiting:
        reason: CrashLoopBackOff
        message: {{ printf "back-off restarting failed container=%s pod=%s_%s(%s)" .name $pod.metadata.name $pod.metadata.namespace $pod.metadata.uid | Quote }}
    lastState:
      terminated:
        ${crashedState}
  {{ else }}
  - {{ $before | toJson }}
  {{ end }}
  {{ end }}
  conditions:
  ${condition("ContainersReady", '"False"', "ContainersNotReady", unreadyList)}
  ${condition("Ready", '"False"', "ContainersNotReady", unreadyList)}
`;

/** The crashing container has started again. */
export const restart = `
${variables}
${thisVersion}
status:
  observedGeneration: {{ .metadata.generation | default 1 }}
  ${
  runningContainers(
    "not (not (and ($before.state).running $before.ready))",
  )
}
  conditions:
  ${readinessConditions}
`;
