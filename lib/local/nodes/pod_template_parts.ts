import {
  simulateAnnotation,
  simulateContainerAnnotation,
  simulateExitCodeAnnotation,
  simulateMessageAnnotation,
  Simulation,
} from "./names.ts";

/**
 * A patch made for one version of a pod must not reach another: a StatefulSet gives the
 * next pod the same name. The API server refuses the patch when the version has passed.
 */
export const thisVersion = `
metadata:
  uid: {{ .metadata.uid | Quote }}
  resourceVersion: {{ .metadata.resourceVersion | Quote }}
`;

/** The variables that the templates refer to. */
export const variables = `
{{ $now := Now }}
{{ $pod := . }}
{{ $notes := or .metadata.annotations dict }}
{{ $mode := index $notes "${simulateAnnotation}" | default "" }}
{{ $crashing := "" }}
{{ if eq $mode "${Simulation.crashLoop}" }}
{{ $crashing = index $notes "${simulateContainerAnnotation}" | default (index .spec.containers 0).name }}
{{ end }}
{{ $exitCode := index $notes "${simulateExitCodeAnnotation}" | default "1" | int }}
{{ $message := index $notes "${simulateMessageAnnotation}" | default "" }}
`;

/** What names a container; wants `$restarts`. */
export const identity = `
    name: {{ .name | Quote }}
    image: {{ .image | Quote }}
    imageID: {{ printf "simulated://%s" .image | Quote }}
    containerID: {{ printf "simulated://%s" (printf "%s/%s/%v" $pod.metadata.uid .name $restarts | sha256sum) | Quote }}
`;

/** The state of a container that has done its work; wants `$started`. */
export const completed = `
    state:
      terminated:
        exitCode: 0
        reason: Completed
        startedAt: {{ $started | Quote }}
        finishedAt: {{ $now | Quote }}
`;

/** A condition that changes now; reason and message may be template text. */
export const condition = (type: string, status: string, reason = "", message = ""): string => `
  - type: ${type}
    status: ${status}
    reason: ${reason === "" ? '""' : reason}
    message: ${message === "" ? '""' : message}
    lastProbeTime: null
    lastTransitionTime: {{ $now | Quote }}
`;

/** Init containers of a pod that has ended. */
export const sidecarsEnd = `
  {{ if .spec.initContainers }}
  initContainerStatuses:
  {{ range .spec.initContainers }}
  {{ $restarts := 0 }}
  {{ $started := $now }}
  - ready: true
    started: false
    restartCount: 0
    ${identity}
    ${completed}
  {{ end }}
  {{ end }}
`;

/** The message that names the containers in `$unready`. */
export const unreadyList =
  '{{ printf "containers with unready status: [%s]" (join " " $unready) | Quote }}';

/** Ready is what the containers and the readiness gates say together. Source: Kubernetes' "Pod Lifecycle", Pod readiness. */
export const readinessConditions = `
  {{ $held := list }}
  {{ range .spec.readinessGates }}
  {{ $gate := .conditionType }}
  {{ $open := false }}
  {{ range $pod.status.conditions }}
  {{ if and (eq .type $gate) (eq .status "True") }}{{ $open = true }}{{ end }}
  {{ end }}
  {{ if not $open }}{{ $held = append $held $gate }}{{ end }}
  {{ end }}
  {{ if $unready }}
  ${condition("ContainersReady", '"False"', "ContainersNotReady", unreadyList)}
  ${condition("Ready", '"False"', "ContainersNotReady", unreadyList)}
  {{ else }}
  ${condition("ContainersReady", '"True"')}
  {{ if $held }}
  ${
  condition(
    "Ready",
    '"False"',
    "ReadinessGatesNotReady",
    '{{ printf "corresponding condition of pod readiness gate %q does not exist." (first $held) | Quote }}',
  )
}
  {{ else }}
  ${condition("Ready", '"True"')}
  {{ end }}
  {{ end }}
`;

/** Containers as they run; `$unready` names those for which the template expression `isReady` does not hold. */
export const runningContainers = (isReady: string): string => `
  {{ $unready := list }}
  containerStatuses:
  {{ range $index, $container := .spec.containers }}
  {{ $before := index $pod.status.containerStatuses $index }}
  {{ $restarts := $before.restartCount | default 0 }}
  {{ $isReady := ${isReady} }}
  {{ if not $isReady }}{{ $unready = append $unready .name }}{{ end }}
  - ready: {{ $isReady }}
    started: true
    restartCount: {{ $restarts }}
    ${identity}
    state:
      running:
        startedAt: {{ (($before.state).running).startedAt | default $now | Quote }}
    {{ with $before.lastState }}
    lastState: {{ . | toJson }}
    {{ end }}
  {{ end }}
`;
