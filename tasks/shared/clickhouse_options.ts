import type { Command, OptionValues } from "@commander-js/extra-typings";
import type { Arguments } from "./cli.ts";

/** What the options of a task on a ClickHouse say. */
export type ClickHouseOptions = {
  /** One of the platform's `externalServices`. */
  server?: string;
  /** Name that its backups have. */
  storedAs?: string;
  /** URL of its HTTP interface. */
  connection?: string;
  /** URL of the S3 API as the server reaches it. */
  serverEndpoint?: string;
  /** Named collection of the server's configuration. */
  collection?: string;
};

/** Said in the help of each task on ClickHouse. */
export const clickHouseNotSeen: string =
  "What these tasks expect of ClickHouse stands in its documentation and sources; they were tested with a stand-in for its HTTP interface, not with a real server.";

/** Options that say which ClickHouse is meant, and how it and the store reach each other. */
export function clickHouseOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & ClickHouseOptions> {
  cli.option("--server <name>", "which of the platform's externalServices; the job's when absent")
    .option(
      "--stored-as <name>",
      "name that its backups have; the platform's, or its host, when absent",
    )
    .option(
      "--connection <url>",
      "URL of its HTTP interface; CLICKHOUSE_URL when absent; CLICKHOUSE_USER and CLICKHOUSE_PASSWORD log in",
    )
    .option(
      "--server-endpoint <url>",
      "URL of the store's S3 API as the server reaches it, where that is another one",
    )
    .option(
      "--collection <name>",
      "named collection of the server that has the store's URL and key, so that none is sent",
    );
  return cli as unknown as Command<A, O & ClickHouseOptions>;
}
