/**
 * The command that starts the node agent: a Deno process that may use the network, read
 * its kubeconfig and KUBECONFIG, and no more. Its heap is small on purpose, since it runs
 * beside every embedded cluster.
 */
export function nodeAgentCommand(
  { deno, entry }: {
    /** Path of the Deno executable. */
    deno: string;
    /** Path of the agent's entry, tasks/node_agent.ts. */
    entry: string;
  },
): string[] {
  return [
    deno,
    "run",
    "--quiet",
    "--no-prompt",
    "--v8-flags=--max-old-space-size=96,--max-semi-space-size=1,--optimize-for-size",
    "--allow-net",
    "--allow-read",
    "--allow-env",
    entry,
  ];
}
