/** The keys of a Sealed Secrets controller: backup, restore, rotate, list. */
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { Arguments } from "./shared/options.ts";
import {
  command,
  dryRunOption,
  examples,
  on,
  run,
  subcommand,
  type TaskCommand,
  yesOption,
} from "./shared/cli.ts";

/** Options that say which controller is meant. */
function controllerOptions(cli: TaskCommand) {
  return cli
    .option("--platform <name>", "the platform whose controller is meant")
    .option("--env <name>", "its environment")
    .option("--kubeconfig <file>", "use the cluster of this kubeconfig, not the embedded one")
    .option("--context <name>", "use this context of the kubeconfig")
    .option("--cluster <name>", "name of the embedded cluster")
    .option("--controller-name <name>", "name of the controller's Service and Deployment")
    .option("--controller-namespace <name>", "its namespace; the platform's, or kube-system");
}

/** Options that say where backups are. */
function storeOptions(cli: TaskCommand) {
  return controllerOptions(cli)
    .option("--store <place>", "s3://bucket/prefix, a folder, or one of the platform's stores")
    .option(
      "--scope <name>",
      "name that backups are kept under; platform and environment, or the context",
    );
}

const backup = examples(
  dryRunOption(
    storeOptions(subcommand("backup", "Back up all keys, encrypted with age, and read them back"))
      .option("--recipient <age...>", "age recipients who may read it; the platform's when absent")
      .option("--job <name>", "one of the platform's jobs; the only one of this task when absent")
      .option(
        "--keep <policy>",
        "remove what it does not keep, such as last=5; as the job says when absent",
      ),
  ),
  [
    "deno task sealing-keys backup --platform glucosync --context prod",
    "deno task sealing-keys backup --context prod --store s3://backups/keys --recipient age1…",
  ],
);
on(backup, async (options, context) => {
  const { backupKeys } = await import("../lib/flows/seal/backup_keys.ts");
  return await backupKeys(options, context);
});

const restore = examples(
  yesOption(dryRunOption(
    storeOptions(
      subcommand("restore", "Put the keys of a backup back, best before the controller starts"),
    )
      .option("--from <id>", "which backup", "latest")
      .requiredOption("--identity <file...>", "age identities that open it")
      .option("--remove-others", "delete keys that the backup does not have"),
  )),
  [
    "deno task sealing-keys restore --context new --store s3://backups/keys --scope prod --identity me.txt",
    "deno task sealing-keys restore --platform glucosync --identity me.txt --remove-others",
  ],
);
on(restore, async (options, context) => {
  const { restoreKeys } = await import("../lib/flows/seal/restore_keys.ts");
  await restoreKeys(options, context);
});

const rotate = examples(
  yesOption(dryRunOption(
    controllerOptions(
      subcommand("rotate", "Add a new key, and wait until the controller serves it"),
    ).option("--key-size <bits>", "bits of the new key; 4096 when absent", keySize),
  )),
  ["deno task sealing-keys rotate --platform glucosync --context prod"],
);
on(rotate, async (options, context) => {
  const { rotateKey } = await import("../lib/flows/seal/rotate_key.ts");
  await rotateKey(options, context);
});

const list = examples(
  storeOptions(
    subcommand("list", "List the keys, which of them is used, and which backups have them"),
  ),
  ["deno task sealing-keys list --context prod --controller-namespace sealed-secrets"],
);
on(list, async (options, context) => {
  const { listKeys } = await import("../lib/flows/seal/list_keys.ts");
  await listKeys(options, context);
});

const digestKey = examples(
  subcommand("digest-key", "Make a key by which values that did not change are known again")
    .requiredOption("--out <file>", "where it is written, encrypted with age")
    .requiredOption("--recipient <age...>", "age recipients: those who seal"),
  ["deno task sealing-keys digest-key --out sealing-digest.age --recipient age1… age1…"],
);
on(digestKey, async (options, context) => {
  const { makeDigestKey } = await import("../lib/flows/seal/make_digest_key.ts");
  await makeDigestKey(options, context);
});

function keySize(text: string): number {
  const bits = Number(text);
  if (![2048, 3072, 4096, 8192].includes(bits)) {
    throw new InvalidArgumentError("wanted 2048, 3072, 4096 or 8192");
  }
  return bits;
}

const cli = examples(
  command(
    "sealing-keys",
    "The keys of a Sealed Secrets controller: backup, restore, rotate, list",
  ),
  [
    "deno task sealing-keys list --context prod --controller-namespace sealed-secrets",
    "deno task sealing-keys backup --platform glucosync --context prod",
    "deno task sealing-keys restore --help",
  ],
);
for (const each of [backup, restore, rotate, list, digestKey]) {
  cli.addCommand(each as unknown as Command<Arguments>);
}
await run(cli);
