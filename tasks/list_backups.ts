/** List backups. */
import { clusterOptions, command, examples, run } from "./shared/cli.ts";
import { storeOptions } from "./shared/store_options.ts";

const cli = examples(
  clusterOptions(
    storeOptions(
      command(
        "list-backups",
        "List backups: when each was taken, how large it is, and when it was last restored",
      )
        .argument("[source...]", "kind/scope/name/item, or the first parts; all when absent")
        .option("--platform <name>", "a folder in manifests/platforms, or a platform file")
        .option("--env <name>", "environment, whose overlay is laid over the platform"),
    ),
  ),
  [
    "deno task list-backups --platform shop --env production    # in all its stores",
    "deno task list-backups --store s3://backups postgres/shop-production",
    "deno task list-backups --store /mnt/usb --json | jq -s 'max_by(.createdAt)'",
  ],
);

await run(cli, async (options, sources, context) => {
  const { listBackupsTask } = await import("../lib/flows/backup/list_task.ts");
  return await listBackupsTask({ ...options, sources }, context);
});
