/** Back up the etcd of a cluster. */
import { backupOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run } from "./shared/cli.ts";

const cli = examples(
  backupOptions(
    dryRunOption(
      command(
        "backup-etcd",
        "Take a snapshot of a cluster's etcd, check and encrypt it, and store it with a record",
      ),
    ),
    { holdsSecrets: true },
  )
    .option(
      "--etcd <url>",
      "its HTTP interface; that of k3s on this host, else the embedded cluster's, when absent",
    )
    .option("--etcd-ca <file>", "authority of its certificate; that of k3s when absent")
    .option("--etcd-cert <file>", "certificate for its clients; that of k3s when absent")
    .option("--etcd-key <file>", "key of that certificate; that of k3s when absent"),
  [
    "sudo deno task backup-etcd --platform bareuptime --env production    # on a server of k3s with etcd",
    "deno task backup-etcd --cluster slipway --store /mnt/usb --recipient age1…",
    "deno task backup-etcd --etcd https://10.0.0.5:2382 --etcd-ca ca.crt --etcd-cert etcd.crt --etcd-key etcd.key --store s3://backups/etcd --recipient age1…",
  ],
);

await run(cli, async (options, context) => {
  const { backupEtcd } = await import("../lib/flows/etcd/backup.ts");
  return await backupEtcd(options, context);
});
