/** Bring all sealed values of a repository to the newest key. */
import { command, dryRunOption, examples, run } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(
    command("reseal-secrets", "Bring all sealed values of a repository to the newest key")
      .argument("[paths...]", "files and folders; the working directory when none is named")
      .option("--keys <file...>", "keys: a backup of sealing-keys, Secrets or PEM")
      .option("--identity <file...>", "age identities that open them")
      .option("--kubeconfig <file>", "have the controller of this kubeconfig's cluster do it")
      .option("--context <name>", "have the controller of this context's cluster do it")
      .option("--cluster <name>", "have the controller of this embedded cluster do it")
      .option("--platform <name>", "the platform whose controller and cluster are meant")
      .option("--env <name>", "its environment")
      .option("--controller-name <name>", "name of the controller's Service")
      .option("--controller-namespace <name>", "namespace of the controller")
      .option("--fetch-keys", "read the cluster's private keys, and do it here")
      .option("--cert <file...>", "seal with the newest of these certificates")
      .option("--digest-key <file>", "the key of digests, to write them anew")
      .option("--keep-shut", "leave what no key opens as it is, rather than refuse all"),
  ),
  [
    "deno task reseal-secrets deploy --context prod --dry-run",
    "deno task reseal-secrets deploy --context prod --controller-namespace sealed-secrets",
    "deno task reseal-secrets manifests --keys 20261121T030000Z-3fa9c2.keys.age --identity me.txt",
  ],
);

await run(cli, async (options, paths, context) => {
  const { resealSecrets } = await import("../lib/flows/seal/reseal_secrets.ts");
  return resealSecrets({ ...options, paths: paths.length === 0 ? ["."] : paths }, context);
});
