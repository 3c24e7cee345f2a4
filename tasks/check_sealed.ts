/** Look for what is wrong with the secrets of a repository, without a cluster. */
import { command, examples, run } from "./shared/cli.ts";

const cli = examples(
  command(
    "check-sealed",
    "Look for what is wrong with the secrets of a repository, without a cluster",
  )
    .argument("[paths...]", "files and folders; the working directory when none is named")
    .option("--cert <file...>", "certificates of the cluster; the newest is the current one")
    .option("--digest-key <file>", "the key of digests, to tell records that others wrote")
    .option("--identity <file...>", "age identities that open the digest key")
    .option("--strict", "take what is unknown, and what cannot be read, for findings too"),
  [
    "deno task check-sealed",
    "deno task check-sealed deploy --cert sealing.pem --cert sealing-2026.pem",
    "deno task check-sealed manifests/platforms --strict --json",
  ],
);

await run(cli, async (options, paths, context) => {
  const { checkSealed } = await import("../lib/flows/seal/check_sealed.ts");
  return checkSealed({ ...options, paths: paths.length === 0 ? ["."] : paths }, context);
});
