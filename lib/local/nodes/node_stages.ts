import { type Stage, stage } from "./stage.ts";

const ready = 'any(.status.conditions[]?; .type == "Ready" and .status == "True")';

/** Conditions of a healthy kubelet, each with its own transition time kept while it does not change. */
const conditions = `
  conditions:
  {{ range NodeConditions }}
  {{ $type := .type }}
  {{ $since := $now }}
  {{ $status := .status }}
  {{ range $node.status.conditions }}
  {{ if and (eq .type $type) (eq .status $status) }}{{ $since = .lastTransitionTime }}{{ end }}
  {{ end }}
  - type: {{ .type | Quote }}
    status: {{ .status | Quote }}
    reason: {{ .reason | Quote }}
    message: {{ .message | Quote }}
    lastHeartbeatTime: {{ $now | Quote }}
    lastTransitionTime: {{ $since | Quote }}
  {{ end }}
`;

const initialise = `
{{ $now := Now }}
{{ $node := . }}
{{ $info := or .status.nodeInfo dict }}
{{ $version := printf "kwok-%s" Version }}
status:
  phase: Running
  ${conditions}
  {{ if not .status.addresses }}
  {{ $sum := .metadata.name | adler32sum | atoi }}
  addresses:
  - type: InternalIP
    address: {{ printf "10.88.%d.%d" (mod (div $sum 250) 250) (add 1 (mod $sum 250)) | Quote }}
  - type: Hostname
    address: localhost
  daemonEndpoints: { kubeletEndpoint: { Port: 1 } }
  {{ end }}
  {{ if not .status.allocatable }}
  allocatable: { cpu: "8", memory: 32Gi, ephemeral-storage: 100Gi, pods: "110" }
  {{ end }}
  {{ if not .status.capacity }}
  capacity: { cpu: "8", memory: 32Gi, ephemeral-storage: 100Gi, pods: "110" }
  {{ end }}
  nodeInfo:
    architecture: {{ $info.architecture | default "amd64" | Quote }}
    operatingSystem: {{ $info.operatingSystem | default "linux" | Quote }}
    bootID: {{ $info.bootID | default "" | Quote }}
    machineID: {{ $info.machineID | default "" | Quote }}
    systemUUID: {{ $info.systemUUID | default "" | Quote }}
    osImage: {{ $info.osImage | default "simulated" | Quote }}
    kernelVersion: {{ $info.kernelVersion | default $version | Quote }}
    containerRuntimeVersion: {{ $info.containerRuntimeVersion | default $version | Quote }}
    kubeletVersion: {{ $info.kubeletVersion | default $version | Quote }}
    kubeProxyVersion: {{ $info.kubeProxyVersion | default $version | Quote }}
`;

const heartbeat = `
{{ $now := Now }}
{{ $node := . }}
status:
  ${conditions}
`;

/**
 * Nodes become Ready at once and stay so. One that names no address gets one made of its
 * name, in a range of its own. For logs the API server asks a node by its host name: that
 * is this machine, and a port on which nobody listens, so that the question fails at once
 * and reaches neither a name service nor a network.
 * The heartbeat is the node's status and not a
 * lease: kwok works only on nodes whose lease it holds, so after a restart it would stand
 * still until its predecessor's lease has run out. The controller manager takes either,
 * and calls a node unknown after 50 s without one.
 */
export const nodeStages: readonly Stage[] = [
  stage("node-initialise", "Node", {
    when: [`(${ready} | not)`],
    delayMs: [0, 0],
    steps: [{ patch: { subresource: "status", template: initialise } }],
  }),
  stage("node-heartbeat", "Node", {
    when: [ready],
    delayMs: [10_000, 15_000],
    steps: [{ patch: { subresource: "status", template: heartbeat } }],
  }),
];
