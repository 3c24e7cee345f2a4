/** Options that every task takes. A type alias, since commander wants an index signature. */
export type CommonOptions = {
  /** Print one JSON object a line on standard output. */
  json?: true;
  /** Give up after this time, in milliseconds. */
  timeout?: number;
  /** Show where errors come from. */
  verbose?: true;
};

/** Which platform is meant, and on which cluster. */
export type TargetOptions = {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  platform: string;
  /** Environment whose overlay is laid over the platform. */
  env?: string;
  /** Path of a kubeconfig file, as typed. */
  kubeconfig?: string;
  /** Context in the kubeconfig. */
  context?: string;
  /** Name of the embedded cluster. */
  cluster?: string;
  /** Use the cluster that this runs in as a pod. */
  inCluster?: true;
};

/** The types of a command's arguments, kept by every function that adds options. */
export type Arguments = unknown[];
