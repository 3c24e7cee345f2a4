import { simulateAnnotation, Simulation, startableCondition } from "./names.ts";
import * as templates from "./pod_templates.ts";
import { type Stage, stage, type StageStep } from "./stage.ts";

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

/** Seconds until the next restart: 2, 4, 8 and so on to 60, where a kubelet waits 10 to 300. */
const backOffSeconds =
  "([60, pow(2; [.status.containerStatuses[].restartCount] | max)] | min | floor)";

const patchStatus = (template: string): StageStep => ({
  patch: { subresource: "status", template },
});

/**
 * The life of a simulated pod from its release by the node agent to its end. At most one
 * stage matches a pod at a time, since kwok would choose among several by chance.
 */
export const podStages: readonly Stage[] = [
  stage("pod-initialise", "Pod", {
    when: [alive, pending, isTrue(startableCondition), `(${isTrue("Initialized")} | not)`],
    delayMs: [100, 150],
    steps: [patchStatus(templates.initialise)],
  }),
  stage("pod-run", "Pod", {
    when: [alive, pending, isTrue(startableCondition), isTrue("Initialized")],
    delayMs: [100, 150],
    steps: [patchStatus(templates.run)],
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
    steps: [patchStatus(templates.becomeReady)],
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
    steps: [patchStatus(templates.passGates)],
  }),
  stage("pod-complete", "Pod", {
    when: [alive, running, completes],
    delayMs: [350, 500],
    steps: [patchStatus(templates.complete)],
  }),
  stage("pod-fail", "Pod", {
    when: [alive, running, crashes, '.spec.restartPolicy == "Never"'],
    delayMs: [200, 300],
    steps: [patchStatus(templates.fail)],
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
      patchStatus(templates.crash),
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
    steps: [patchStatus(templates.restart)],
  }),
  stage("pod-terminate", "Pod", {
    when: [
      `(${alive} | not)`,
      "(.metadata.finalizers // [] | length > 0)",
      `(${ended} | not)`,
      "(.status.containerStatuses // [] | length > 0)",
    ],
    delayMs: [50, 100],
    steps: [patchStatus(templates.terminate)],
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
