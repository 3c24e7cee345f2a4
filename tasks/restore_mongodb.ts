/** Restore MongoDB from a backup, by mongorestore. */
import { jobOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";
import { fromOption } from "./shared/from_option.ts";
import { identityOption } from "./shared/identity_option.ts";
import { mongodbOptions, notSeenRunning } from "./shared/mongodb_options.ts";
import { storeOptions } from "./shared/store_options.ts";

const cli = examples(
  mongodbOptions(jobOptions(storeOptions(identityOption(fromOption(
    yesOption(dryRunOption(
      command(
        "restore-mongodb",
        "Restore a database of MongoDB under a new name, or over what is there, and count its documents",
      ),
    )),
  )))))
    .argument("[database]", "the database; all of the server when absent")
    .option("--to <name>", "name that it gets; its own and the backup's id when absent")
    .option("--replace", "restore over what is there; asks, and backs that up before")
    .option("--no-safety-backup", "do not back up what is replaced")
    .option("--recipient <age...>", "age recipients of that backup; the platform's when absent")
    .option("--unencrypted", "store that backup in the clear; as the platform accepts when absent")
    .addHelpText("after", `\n${notSeenRunning}`),
  [
    "deno task restore-mongodb glucosync --platform glucosync --via exec --identity ~/.age/anna.txt",
    "deno task restore-mongodb shop --to shop_yesterday --from 2026-11-20T18:00:00Z --store s3://backups/shop --connection mongodb://root@db:27017/",
    "deno task restore-mongodb glucosync --platform glucosync --replace --via exec    # asks first",
    "deno task restore-mongodb --platform glucosync --via exec    # all of an empty server",
  ],
);

await run(cli, async (options, database, context) => {
  const { restoreMongodb } = await import("../lib/flows/mongodb/restore.ts");
  return await restoreMongodb(
    { ...options, ...database === undefined ? {} : { database } },
    context,
  );
});
