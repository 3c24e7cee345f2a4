import { kwokArguments } from "./nodes/stages.ts";

/** Names of the processes of a cluster, in the order in which they start. */
export const componentNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "node-agent",
] as const;

/** Name of one process of a cluster. */
export type ComponentName = typeof componentNames[number];

/** How one process of a cluster is to run. */
export interface Component {
  /** Its name. */
  name: ComponentName;
  /** Path of the program, then its arguments. */
  command: readonly string[];
  /** Its working folder. */
  cwd: string;
  /** Its log. */
  logFile: string;
  /** All of its environment. */
  env: Readonly<Record<string, string>>;
  /** Files that it reads once, at its start: when one changes, it must be started again. */
  reads: readonly string[];
}

/** What {@linkcode planComponents} goes by. */
export interface ComponentInput {
  /** Folder of the cluster. */
  folder: string;
  /** Port of the API server. */
  port: number;
  /** Paths of the programs by name. */
  programs: Readonly<Record<string, string>>;
  /** Command of the node agent. */
  agentCommand: readonly string[];
  /** Environment that all of them get. */
  env: Readonly<Record<string, string>>;
}

/** Network of Services; the same as in k3s. */
const serviceNetwork = "10.43.0.0/16";
/** Network of pods; the same as in k3s. */
const podNetwork = "10.42.0.0/16";
const issuer = "https://kubernetes.default.svc.cluster.local";

/**
 * How the processes of a cluster are to run. All listen on loopback or on a socket in the
 * cluster's folder only, and no secret is among the arguments. Flags follow what k3s passes,
 * where they decide what the API server admits.
 * Source: k3s, pkg/daemons/control/server.go and pkg/daemons/executor.
 */
export function planComponents(input: ComponentInput): Component[] {
  const { folder } = input;
  const certs = `${folder}/certs`;
  const kubeconfig = (user: string) => `${folder}/kubeconfigs/${user}.yaml`;
  const component = (
    name: ComponentName,
    command: readonly string[],
    more: { cwd?: string; reads?: string[]; env?: Record<string, string> } = {},
  ): Component => ({
    name,
    command,
    cwd: more.cwd ?? folder,
    logFile: `${folder}/logs/${name}.log`,
    env: { ...input.env, ...more.env },
    reads: more.reads ?? [],
  });
  const program = (name: string) => input.programs[name] ?? name;
  // A socket's path may be only 108 bytes long, so etcd and its client name it relative to this folder.
  const etcdFolder = `${folder}/etcd`;
  const controllerManagerConfig = kubeconfig("controller-manager");
  return [
    component("etcd", [program("etcd"), ...etcdArguments()], { cwd: etcdFolder }),
    component("kube-apiserver", [
      program("kube-apiserver"),
      ...apiServerArguments(folder, certs, input.port),
    ], {
      cwd: etcdFolder,
      reads: [
        ...["ca.crt", "apiserver.crt", "front-proxy-ca.crt", "front-proxy-client.crt"],
        "service-account.key",
      ].map((file) => `${certs}/${file}`).concat(
        `${folder}/encryption.yaml`,
        `${folder}/audit-policy.yaml`,
      ),
    }),
    component("kube-controller-manager", [
      program("kube-controller-manager"),
      `--kubeconfig=${controllerManagerConfig}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--use-service-account-credentials=true",
      `--service-account-private-key-file=${certs}/service-account.key`,
      `--root-ca-file=${certs}/ca.crt`,
      `--cluster-signing-cert-file=${certs}/ca.crt`,
      `--cluster-signing-key-file=${certs}/ca.key`,
      "--allocate-node-cidrs=true",
      `--cluster-cidr=${podNetwork}`,
      `--service-cluster-ip-range=${serviceNetwork}`,
      "--horizontal-pod-autoscaler-sync-period=1s",
      "--kube-api-qps=200",
      "--kube-api-burst=400",
      "--profiling=false",
    ], { reads: [controllerManagerConfig, `${certs}/service-account.key`, `${certs}/ca.crt`] }),
    component("kube-scheduler", [
      program("kube-scheduler"),
      `--kubeconfig=${kubeconfig("scheduler")}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--kube-api-qps=200",
      "--kube-api-burst=400",
      "--profiling=false",
    ], { reads: [kubeconfig("scheduler")] }),
    component("kwok", [
      program("kwok"),
      ...kwokArguments({ kubeconfig: kubeconfig("kwok"), config: `${folder}/kwok.yaml` }),
    ], { reads: [kubeconfig("kwok"), `${folder}/kwok.yaml`] }),
    component("node-agent", input.agentCommand, {
      reads: [kubeconfig("node-agent")],
      env: { KUBECONFIG: kubeconfig("node-agent") },
    }),
  ];
}

/** Without fsync a power cut may cost the data; that of a process or of a run does not. */
function etcdArguments(): string[] {
  const [client, peer] = ["unix://client.sock:0", "unix://peer.sock:0"];
  return [
    "--name=slipway",
    "--data-dir=data",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=slipway=${peer}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

function apiServerArguments(folder: string, certs: string, port: number): string[] {
  return [
    "--etcd-servers=unix://client.sock:0",
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    // An endpoint of the Service "kubernetes" may not be on loopback, and nothing else is listened on.
    "--endpoint-reconciler-type=none",
    "--advertise-address=127.0.0.1",
    `--service-cluster-ip-range=${serviceNetwork}`,
    "--allow-privileged=true",
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--client-ca-file=${certs}/ca.crt`,
    `--tls-cert-file=${certs}/apiserver.crt`,
    `--tls-private-key-file=${certs}/apiserver.key`,
    `--service-account-issuer=${issuer}`,
    `--service-account-key-file=${certs}/service-account.pub`,
    `--service-account-signing-key-file=${certs}/service-account.key`,
    `--api-audiences=${issuer},k3s`,
    `--requestheader-client-ca-file=${certs}/front-proxy-ca.crt`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${certs}/front-proxy-client.crt`,
    `--proxy-client-key-file=${certs}/front-proxy-client.key`,
    `--encryption-provider-config=${folder}/encryption.yaml`,
    `--audit-policy-file=${folder}/audit-policy.yaml`,
    `--audit-log-path=${folder}/logs/audit.log`,
    "--audit-log-maxsize=64",
    "--audit-log-maxbackup=3",
    "--profiling=false",
  ];
}
