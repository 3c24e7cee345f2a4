/** Restore backups to where they harm nobody, to know that they can be. */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { jobOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run } from "./shared/cli.ts";
import { identityOption } from "./shared/identity_option.ts";
import { storeOptions } from "./shared/store_options.ts";

const cli = examples(
  jobOptions(storeOptions(identityOption(
    dryRunOption(
      command(
        "verify-backups",
        "Restore the newest backup of each source into a throwaway server, compare it, and write down how long it took",
      ),
    ),
  )))
    .argument("[source...]", "kind/scope/name/item, or the first parts; the platform's when absent")
    .option("--all", "each backup that was not restored yet, not only the newest")
    .option("--query <sql>", "must answer with a row in each restored database")
    .option(
      "--scratch <folder>",
      "where the throwaway server keeps its data; TMPDIR, or /tmp, when absent",
    )
    .option(
      "--run-as <uid:gid>",
      "user that the server runs as, where this is root; one of a user namespace when absent",
      userAndGroup,
    ),
  [
    "deno task verify-backups --platform vikingthedev --env prod --identity ~/.age/verify.txt",
    "deno task verify-backups postgres/shop-production/main/orders --store s3://backups --all",
    "deno task verify-backups postgres --store /mnt/usb --query 'SELECT 1 FROM orders LIMIT 1'",
    "deno task verify-backups --platform vikingthedev --env prod --dry-run    # what would be restored",
  ],
);

await run(cli, async (options, sources, context) => {
  const { verifyBackups } = await import("../lib/flows/backup/verify.ts");
  return await verifyBackups({ ...options, sources }, context);
});

function userAndGroup(text: string): { uid: number; gid: number } {
  const [, uid, gid] = /^([1-9]\d*):([1-9]\d*)$/.exec(text) ?? [];
  if (uid === undefined) throw new InvalidArgumentError("Wanted numbers, such as 999:999.");
  return { uid: Number(uid), gid: Number(gid) };
}
