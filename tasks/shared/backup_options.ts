import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { type Arguments, clusterOptions, type TargetOptions } from "./cli.ts";
import { type StoreOptions, storeOptions } from "./store_options.ts";

/** What the options of a task on backups say. Without a platform it works on what its other options name. */
export type BackupOptions = StoreOptions & Partial<TargetOptions> & {
  /** One of the platform's jobs. */
  job?: string;
  /** age recipients. */
  recipient?: string[];
  /** Store it in the clear. */
  unencrypted?: true;
  /** For how long backups are kept. */
  keep?: string;
};

/**
 * Options that every task which makes backups takes; each can stand in the platform's `backups` instead. What holds
 * secrets is never stored in the clear; then `--unencrypted` is not offered, and refused with the reason.
 */
export function backupOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
  { holdsSecrets = false }: { holdsSecrets?: boolean } = {},
): Command<A, O & BackupOptions> {
  const plain = new Option(
    "--unencrypted",
    "store it in the clear; as the platform accepts when absent",
  );
  jobOptions(storeOptions(cli))
    .option("--recipient <age...>", "age recipients who may read it; the platform's when absent")
    .addOption(plain.hideHelp(holdsSecrets))
    .option(
      "--keep <policy>",
      "remove what it does not keep, such as 7-daily-4-weekly or days=30; as the job says when absent",
    );
  return cli as unknown as Command<A, O & BackupOptions>;
}

/** Options that say which job of which platform is meant; for tasks that work on backups that are there. */
export function jobOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & Partial<TargetOptions> & { job?: string }> {
  cli.option("--platform <name>", "a folder in manifests/platforms, or a platform file")
    .option("--env <name>", "environment, whose overlay is laid over the platform")
    .option("--job <name>", "one of the platform's jobs; the only one of this task when absent");
  return clusterOptions(cli) as unknown as Command<
    A,
    O & Partial<TargetOptions> & { job?: string }
  >;
}
