/** Back up the files of volumes. */
import { backupOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run } from "./shared/cli.ts";

const cli = examples(
  backupOptions(
    dryRunOption(
      command(
        "backup-volume",
        "Read the files of volumes through a pod, compress and encrypt them, and store them with a record",
      ),
    ),
  )
    .argument(
      "[claim...]",
      "namespace/claim, or a volume of the platform; those of the job when absent",
    )
    .option(
      "--image <image>",
      "image with GNU tar of the pod that reads; backups.image when absent",
    )
    .option("--pod <name>", "read through this pod, which has the volume and GNU tar")
    .option("--container <name>", "container of that pod; the one that has the volume when absent"),
  [
    "deno task backup-volume --platform bareuptime --env production backend-storage",
    "deno task backup-volume shop/uploads --context prod --image registry.example.org/toolbox:1.0.0 --store s3://backups/shop --recipient age1…",
    "deno task backup-volume shop/uploads --pod uploads-0 --store /mnt/usb --recipient age1…",
    "deno task backup-volume --platform bareuptime --env production --dry-run    # which volumes, where to",
  ],
);

await run(cli, async (options, claims, context) => {
  const { backupVolume } = await import("../lib/flows/volume/backup.ts");
  return await backupVolume({ ...options, claims }, context);
});
