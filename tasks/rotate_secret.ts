/** Give a value that External Secrets delivers another one, everywhere. */
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { command, dryRunOption, examples, run, targetOptions, yesOption } from "./shared/cli.ts";

const cli = examples(
  yesOption(dryRunOption(targetOptions(
    command(
      "rotate-secret",
      "Give a value that External Secrets delivers another one: in Vault, in the database whose password it is, " +
        "in Secrets, and in the workloads that read them. If a step fails, all is put back",
    ),
  )))
    .argument("<external-secret>", "name of an external secret of the platform")
    .requiredOption("--key <key>", "key of its Secret, such as PGPASSWORD")
    .option(
      "--database <url>",
      "database whose role has the password: postgresql://host:5432/name?sslmode=verify-full",
    )
    .option("--value-only", "it is no password of a database: change it in Vault alone")
    .option(
      "--role <name>",
      "role whose password it is; the one in the URL or the secret when absent",
    )
    .option("--user-key <key>", "key of the secret with the role's name; PGUSER when absent")
    .option("--admin <role>", "role that changes it; the role itself when absent")
    .option("--admin-password-file <file>", "its password; PGPASSWORD, or a question, when absent")
    .option("--length <number>", "how many random characters; 32 when absent", count)
    .addOption(
      new Option("--alphabet <name>", "which random characters; alphanumeric when absent")
        .choices(["alphanumeric", "hex", "base64url", "symbols"] as const),
    )
    .option("--prompt", "ask for the new value")
    .option("--value-file <file>", "take the new value from a file")
    .option("--address <url>", "URL of Vault; VAULT_ADDR, or as the platform says, when absent")
    .option("--ca-cert <file>", "authority of its certificate, in PEM; VAULT_CACERT when absent")
    .option("--token-file <file>", "file with a token; VAULT_TOKEN, or a question, when absent")
    .option(
      "--identity <file...>",
      "age identities that open kept shares, of which a token is made",
    )
    .option("--share-file <file...>", "files with shares, one a line, in place of a token")
    .option("--keys <place>", "folder or s3:// URL of the kept shares"),
  [
    "deno task rotate-secret database-credentials --key PGPASSWORD --database postgresql://10.10.85.1/bareuptime?sslservername=postgres",
    "deno task rotate-secret database-credentials --key PGPASSWORD --database postgresql://localhost/shop --admin postgres --dry-run",
    "deno task rotate-secret app-config --key JWT_SECRET --value-only --length 64 --alphabet base64url",
    "deno task rotate-secret app-config --key BREVO_API_KEY --value-only --prompt",
  ],
);

await run(cli, async (options, externalSecret, context) => {
  const { rotateSecret } = await import("../lib/flows/secrets/rotate.ts");
  return await rotateSecret({ ...options, externalSecret }, context);
});

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError("Wanted a number from 1 to 9999.");
  }
  return Number(text);
}
