import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import type { Arguments } from "./cli.ts";

/** What the options of a task on a MongoDB say. */
export type MongodbOptions = {
  /** One of the platform's `mongodb`. */
  server?: string;
  /** Name that its backups have. */
  storedAs?: string;
  /** Its connection string. */
  connection?: string;
  /** Where the tools run. */
  via?: "connection" | "exec";
};

/** Said in the help of each task on MongoDB. */
export const notSeenRunning: string =
  "What these tasks expect of MongoDB and its tools stands in their documentation and sources; they were tested with stand-ins for mongodump and mongorestore, not with a real server.";

/** Options that say which MongoDB is meant, and how it is reached. */
export function mongodbOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & MongodbOptions> {
  cli.option("--server <name>", "which of the platform's mongodb; the job's when absent")
    .option(
      "--stored-as <name>",
      "name that its backups have; the platform's, or its host, when absent",
    )
    .option(
      "--connection <uri>",
      "its connection string, with the password in MONGODB_PASSWORD; MONGODB_URI when absent",
    )
    .addOption(
      new Option("--via <how>", "run the tools here, or in its own pod").choices([
        "connection",
        "exec",
      ]),
    );
  return cli as unknown as Command<A, O & MongodbOptions>;
}
