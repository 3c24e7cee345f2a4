import type { Command, OptionValues } from "@commander-js/extra-typings";
import type { Arguments } from "./cli.ts";

/** What the options of a task on backups say of their store. */
export type StoreOptions = {
  /** URL or folder of the store, or the name of one of the platform's. */
  store?: string;
  /** URL of its S3 API. */
  endpoint?: string;
  /** Region of its bucket. */
  region?: string;
};

/** Options that say where backups are. */
export function storeOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & StoreOptions> {
  cli
    .option(
      "--store <place>",
      "s3://bucket/prefix, a folder, or one of the platform's stores; as the platform says when absent",
    )
    .option("--endpoint <url>", "URL of the S3 API, where it is not that of AWS")
    .option("--region <name>", "region of the bucket");
  return cli as unknown as Command<A, O & StoreOptions>;
}
