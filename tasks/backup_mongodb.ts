/** Back up MongoDB by mongodump. */
import { backupOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run } from "./shared/cli.ts";
import { mongodbOptions, notSeenRunning } from "./shared/mongodb_options.ts";
import { parallelOption } from "./shared/parallel_option.ts";

const cli = examples(
  parallelOption(mongodbOptions(backupOptions(
    dryRunOption(
      command(
        "backup-mongodb",
        "Dump a MongoDB, compress and encrypt it, and store it with a record",
      ),
    ),
  )))
    .argument("[database...]", "databases, each as a backup of its own; all in one when absent")
    .option(
      "--oplog",
      "with what changes meanwhile; where all of a replica set is dumped when absent",
    )
    .option("--no-oplog", "without what changes meanwhile")
    .addHelpText("after", `\n${notSeenRunning}`),
  [
    "deno task backup-mongodb --platform glucosync --env production    # as its job, with MONGODB_URI",
    "deno task backup-mongodb --platform glucosync --via exec --store /mnt/usb --recipient age1…",
    "deno task backup-mongodb shop --connection 'mongodb://backup@db:27017/?authSource=admin' --store s3://backups/shop --recipient age1…",
    "deno task backup-mongodb --platform glucosync --dry-run    # what, where to, and for whom",
  ],
);

await run(cli, async (options, databases, context) => {
  const { backupMongodb } = await import("../lib/flows/mongodb/backup.ts");
  return await backupMongodb({ ...options, databases }, context);
});
