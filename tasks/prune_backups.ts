/** Remove backups that their policies do not keep. */
import { jobOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run } from "./shared/cli.ts";
import { storeOptions } from "./shared/store_options.ts";

const cli = examples(
  jobOptions(storeOptions(
    dryRunOption(
      command(
        "prune-backups",
        "Remove backups that their policies do not keep; never the newest whole one, nor the last that was restored",
      ),
    ),
  ))
    .argument("[source...]", "kind/scope/name/item, or the first parts; the platform's when absent")
    .option(
      "--keep <policy>",
      "such as 7-daily-4-weekly-3-monthly or days=30; as the platform's jobs say when absent",
    )
    .option("--require-verified", "let only backups count that were restored once")
    .option(
      "--time-zone <name>",
      "where days and weeks begin, such as Europe/Berlin; UTC when absent",
    ),
  [
    "deno task prune-backups --platform glucosync --env production --dry-run    # what would go, and why",
    "deno task prune-backups --platform vikingthedev --env prod --store offsite",
    "deno task prune-backups postgres/shop-production/main --store s3://backups --keep 7-daily-4-weekly-3-monthly",
    "deno task prune-backups vault/shop-production --store /mnt/usb --keep last=10 --require-verified",
  ],
);

await run(cli, async (options, sources, context) => {
  const { pruneBackups } = await import("../lib/flows/backup/prune_backups.ts");
  return await pruneBackups({ ...options, sources }, context);
});
