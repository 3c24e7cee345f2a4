import {
  simulateAnnotation,
  simulateContainerAnnotation,
  simulateExitCodeAnnotation,
  simulateMessageAnnotation,
  Simulation,
  startableCondition,
} from "./names.ts";
import { type Stage, stage } from "./stage.ts";

const alive = ".metadata.deletionTimestamp == null";
const pending = '.status.phase == "Pending"';
const running = '.status.phase == "Running"';
const ended = '(.status.phase | IN("Succeeded", "Failed"))';
const mode = `(.metadata.annotations["${simulateAnnotation}"] // "")`;
const crashes = `${mode} == "${Simulation.crashLoop}"`;
const hangs = `(${mode} | IN("${Simulation.crashLoop}", "${Simulation.neverReady}"))`;
const completes = `(.spec.restartPolicy != "Always" and (${hangs} | not))`;
const isTrue = (type: string) =>
  `any(.status.conditions[]?; .type == "${type}" and .status == "True")`;
const someContainer = (state: string) => `any(.status.containerStatuses[]?; ${state})`;
const gatesAreTrue = `([.spec.readinessGates[]?.conditionType] - ` +
  `[.status.conditions[]? | select(.status == "True") | .type] | length == 0)`;

/**
 * A patch made for one version of a pod must not reach another: a StatefulSet gives the
 * next pod the same name. The API server refuses the patch when the version has passed.
 */
const thisVersion = `
metadata:
  uid: {{ .metadata.uid | Quote }}
  resourceVersion: {{ .metadata.resourceVersion | Quote }}
`;

const variables = `
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

const identity = `
    name: {{ .name | Quote }}
    image: {{ .image | Quote }}
    imageID: {{ printf "simulated://%s" .image | Quote }}
    containerID: {{ printf "simulated://%s" (printf "%s/%s/%v" $pod.metadata.uid .name $restarts | sha256sum) | Quote }}
`;

const completed = `
    state:
      terminated:
        exitCode: 0
        reason: Completed
        startedAt: {{ $started | Quote }}
        finishedAt: {{ $now | Quote }}
`;

const condition = (type: string, status: string, reason = "", message = "") => `
  - type: ${type}
    status: ${status}
    reason: ${reason === "" ? '""' : reason}
    message: ${message === "" ? '""' : message}
    lastProbeTime: null
    lastTransitionTime: {{ $now | Quote }}
`;

const sidecarsEnd = `
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

const unreadyList =
  '{{ printf "containers with unready status: [%s]" (join " " $unready) | Quote }}';

/** Ready is what the containers and the readiness gates say together. Source: Kubernetes' "Pod Lifecycle", Pod readiness. */
const readinessConditions = `
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

/** Containers as they run; \`$isReady\` has been set for the one at hand. */
const runningContainers = (isReady: string, restartsNow: string) => `
  {{ $unready := list }}
  containerStatuses:
  {{ range $index, $container := .spec.containers }}
  {{ $before := index $pod.status.containerStatuses $index }}
  {{ $restarts := ${restartsNow} }}
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

const initialise = `
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

const run = `
${variables}
${thisVersion}
status:
  phase: Running
  observedGeneration: {{ .metadata.generation | default 1 }}
  ${
  runningContainers(
    `not (or .readinessProbe .startupProbe (eq .name $crashing) (eq $mode "${Simulation.neverReady}"))`,
    "$before.restartCount | default 0",
  )
}
  conditions:
  ${readinessConditions}
`;

const becomeReady = `
${variables}
${thisVersion}
status:
  observedGeneration: {{ .metadata.generation | default 1 }}
  ${runningContainers("true", "$before.restartCount | default 0")}
  conditions:
  ${readinessConditions}
`;

const passGates = `
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

const crashedState = `
        exitCode: {{ $exitCode }}
        reason: Error
        {{ with $message }}
        message: {{ . | Quote }}
        {{ end }}
        startedAt: {{ $started | Quote }}
        finishedAt: {{ $now | Quote }}
`;

const fail = end(
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

const terminate = end(
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

/** Seconds until the next restart: 2, 4, 8 and so on to 60, where a kubelet waits 10 to 300. */
const backOffSeconds =
  "([60, pow(2; [.status.containerStatuses[].restartCount] | max)] | min | floor)";

const crash = `
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

const restart = `
${variables}
${thisVersion}
status:
  observedGeneration: {{ .metadata.generation | default 1 }}
  ${
  runningContainers(
    "not (not (and ($before.state).running $before.ready))",
    "$before.restartCount | default 0",
  )
}
  conditions:
  ${readinessConditions}
`;

const patchStatus = (template: string) => ({ patch: { subresource: "status", template } });

/**
 * The life of a simulated pod from its release by the node agent to its end. At most one
 * stage matches a pod at a time, since kwok would choose among several by chance.
 */
export const podStages: readonly Stage[] = [
  stage("pod-initialise", "Pod", {
    when: [alive, pending, isTrue(startableCondition), `(${isTrue("Initialized")} | not)`],
    delayMs: [100, 150],
    steps: [patchStatus(initialise)],
  }),
  stage("pod-run", "Pod", {
    when: [alive, pending, isTrue(startableCondition), isTrue("Initialized")],
    delayMs: [100, 150],
    steps: [patchStatus(run)],
  }),
  stage("pod-become-ready", "Pod", {
    when: [
      alive,
      running,
      `(${isTrue("ContainersReady")} | not)`,
      `(${hangs} | not)`,
      `(${completes} | not)`,
      `(${someContainer(".state.waiting")} | not)`,
    ],
    delayMs: [250, 350],
    steps: [patchStatus(becomeReady)],
  }),
  stage("pod-pass-readiness-gates", "Pod", {
    when: [
      alive,
      running,
      isTrue("ContainersReady"),
      `(${isTrue("Ready")} | not)`,
      `(${completes} | not)`,
      gatesAreTrue,
    ],
    delayMs: [0, 0],
    steps: [patchStatus(passGates)],
  }),
  stage("pod-complete", "Pod", {
    when: [alive, running, completes],
    delayMs: [350, 500],
    steps: [patchStatus(end("Succeeded", completed, "PodCompleted"))],
  }),
  stage("pod-fail", "Pod", {
    when: [alive, running, crashes, '.spec.restartPolicy == "Never"'],
    delayMs: [200, 300],
    steps: [patchStatus(fail)],
  }),
  stage("pod-crash", "Pod", {
    when: [
      alive,
      running,
      crashes,
      '.spec.restartPolicy != "Never"',
      `(${someContainer(".state.waiting")} | not)`,
    ],
    delayMs: [200, 300],
    steps: [
      patchStatus(crash),
      {
        event: {
          type: "Warning",
          reason: "BackOff",
          message: "Back-off restarting failed container",
        },
      },
    ],
  }),
  stage("pod-restart", "Pod", {
    when: [alive, running, someContainer(".state.waiting")],
    delayMs: [1_000, 1_000],
    delayFrom: `${backOffSeconds} | tostring + "s"`,
    steps: [patchStatus(restart)],
  }),
  stage("pod-terminate", "Pod", {
    when: [
      `(${alive} | not)`,
      "(.metadata.finalizers // [] | length > 0)",
      `(${ended} | not)`,
      "(.status.containerStatuses // [] | length > 0)",
    ],
    delayMs: [50, 100],
    steps: [patchStatus(terminate)],
  }),
  stage("pod-delete", "Pod", {
    when: [
      `(${alive} | not)`,
      ".metadata.deletionGracePeriodSeconds > 0",
      `((.metadata.finalizers // [] | length == 0) or ${ended} or (.status.containerStatuses // [] | length == 0))`,
    ],
    delayMs: [50, 150],
    steps: [{ delete: true }],
  }),
];
