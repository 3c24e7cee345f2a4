/** Copy backups from one store into another. */
import { jobOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run } from "./shared/cli.ts";

const cli = examples(
  jobOptions(
    dryRunOption(
      command(
        "copy-backups",
        "Copy backups from one store into another, byte for byte, each proved by its record; removes nothing",
      ),
    ),
  )
    .argument("[source...]", "kind/scope/name/item, or the first parts; all when absent")
    .option("--from <place>", "s3://bucket/prefix, a folder, or one of the platform's stores")
    .option("--to <place>", "s3://bucket/prefix, a folder, or one of the platform's stores")
    .option("--keep <policy>", "copy only what this policy keeps, such as 30-days or last=1"),
  [
    "deno task copy-backups --platform glucosync --env production --job copy-backups",
    "deno task copy-backups --from cluster --to offsite --platform shop --env production --dry-run",
    "deno task copy-backups postgres/shop-production --from s3://backups --to /mnt/usb --keep last=3",
    "FROM_AWS_ACCESS_KEY_ID_FILE=… FROM_AWS_SECRET_ACCESS_KEY_FILE=… deno task copy-backups --from 's3://one?endpoint=https://minio.example.org' --to s3://two",
  ],
);

await run(cli, async (options, sources, context) => {
  const { copyBackups } = await import("../lib/flows/backup/copy_backups.ts");
  return await copyBackups({ ...options, sources }, context);
});
