/** Restore the files of a volume from a backup. */
import { jobOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";
import { fromOption } from "./shared/from_option.ts";
import { identityOption } from "./shared/identity_option.ts";
import { storeOptions } from "./shared/store_options.ts";

const cli = examples(
  jobOptions(storeOptions(identityOption(fromOption(
    yesOption(
      dryRunOption(
        command(
          "restore-volume",
          "Restore the files of a volume into an empty claim, or in place of its files, and compare them with the backup",
        ),
      ),
    ),
  ))))
    .argument(
      "<claim>",
      "the claim that was backed up: namespace/claim, or a volume of the platform",
    )
    .option(
      "--to <claim>",
      "claim that it is restored into; the one that was backed up when absent",
    )
    .option(
      "--replace",
      "take the place of the files that are there, which stay until these are compared",
    )
    .option(
      "--image <image>",
      "image with GNU tar and find of the pod that writes; backups.image when absent",
    ),
  [
    "deno task restore-volume backend-storage --platform bareuptime --env production --identity anna.txt --dry-run",
    "deno task restore-volume backend-storage --platform bareuptime --env production --identity anna.txt",
    "deno task restore-volume shop/uploads --to shop/uploads-new --from 2026-11-21T03:00Z --context prod --image registry.example.org/toolbox:1.0.0 --store s3://backups/shop --identity anna.txt",
    "deno task restore-volume shop/uploads --replace --context prod --image registry.example.org/toolbox:1.0.0 --store /mnt/usb --identity anna.txt",
  ],
);

await run(cli, async (options, claim, context) => {
  const { restoreVolume } = await import("../lib/flows/volume/restore.ts");
  return await restoreVolume({ ...options, claim }, context);
});
