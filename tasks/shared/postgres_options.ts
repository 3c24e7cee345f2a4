import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import type { Arguments } from "./cli.ts";

/** What the options of a task on Postgres say of its server. */
export type PostgresOptions = {
  /** URL of a server, without a password. */
  connection?: string;
  /** Whether programs run here, or in the server's own pod. */
  via?: "connection" | "exec";
  /** One of the platform's servers. */
  server?: string;
  /** Name of the server in the store. */
  storedAs?: string;
  /** Role to log in as. */
  role?: string;
  /** Path of a file with its password. */
  passwordFile?: string;
};

/** Options that say which Postgres is meant, and who logs in. */
export function postgresOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & PostgresOptions> {
  cli
    .option(
      "--connection <url>",
      "postgresql://role@host:5432/database of a server, without a password",
    )
    .addOption(
      new Option("--via <way>", "run PostgreSQL's programs here, or in the server's own pod")
        .choices(["connection", "exec"] as const),
    )
    .option("--server <name>", "one of the platform's servers; what the job covers when absent")
    .option("--stored-as <name>", "name of the server in the store; its own when absent")
    .option("--role <name>", "role to log in as; that in the URL, or PGUSER, when absent")
    .option(
      "--password-file <file>",
      "file with its password; PGPASSWORD, or PGPASSFILE, when absent",
    );
  return cli as unknown as Command<A, O & PostgresOptions>;
}
