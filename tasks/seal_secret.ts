/** Seal Secrets for a sealed-secrets controller, as kubeseal does. */
import "./shared/network.ts";
import type { SealSecretRequest } from "../lib/flows/seal/request.ts";
import { hostWithoutEnvironment } from "./shared/host.ts";
import { runTable } from "./shared/table_task.ts";

const table = {
  name: "seal-secret",
  summary: "Seal Secrets so that only the sealed-secrets controller of a cluster can open them.\n" +
    "Flags are those of kubeseal; docs/sealed-secrets.md says where this does more.",
  options: [
    { flags: "-o, --format <form>", about: "json or yaml", choices: ["json", "yaml"] },
    {
      flags: "-f, --secret-file <path>",
      about: "file or folder with Secrets; several",
      many: true,
    },
    { flags: "-w, --sealed-secret-file <path>", about: "file or folder to write" },
    { flags: "--cert <file-or-url>", about: "certificate to seal with" },
    { flags: "--fingerprint <sha256>", about: "refuse any other certificate; several", many: true },
    { flags: "--fetch-cert", about: "print the controller's certificate" },
    { flags: "--name <name>", about: "name of the Secret" },
    { flags: "--namespace <name>", about: "namespace of the Secret, where it has none" },
    {
      flags: "--scope <scope>",
      about: "where it may be opened",
      choices: ["strict", "namespace-wide", "cluster-wide"],
    },
    { flags: "--raw", about: "seal one bare value, and print its ciphertext alone" },
    {
      flags: "--from-file <key=path>",
      about: "take a value from a file, or from standard input: key=-; several",
      many: true,
    },
    {
      flags: "--from-prompt <key>",
      about: "ask for a value, and show nothing of it; several",
      many: true,
    },
    {
      flags: "--from-literal <key=value>",
      about: "take a value from the command line, where others can read it; several",
      many: true,
    },
    { flags: "--merge-into <file>", about: "add the values to the SealedSecret in this file" },
    { flags: "--platform <name>", about: "seal into this platform's file" },
    { flags: "--env <name>", about: "environment of the platform" },
    { flags: "--digest-key <file>", about: "key by which values that did not change are known" },
    {
      flags: "--identity <file>",
      about: "age identity that opens the digest key; several",
      many: true,
    },
    { flags: "--allow-empty-data", about: "let Secrets have no values" },
    { flags: "--validate", about: "ask the controller whether it can open SealedSecrets" },
    { flags: "--re-encrypt", about: "have the controller seal SealedSecrets with its newest key" },
    { flags: "--recovery-unseal", about: "open SealedSecrets with private keys, in plain" },
    {
      flags: "--recovery-private-key <file>",
      about: "PEM, or the Secrets of the controller's keys; several",
      many: true,
      commas: true,
    },
    {
      flags: "--controller-name <name>",
      about: "Service of the controller",
      otherwise: "sealed-secrets-controller",
    },
    {
      flags: "--controller-namespace <name>",
      about: "its namespace",
      otherwise: "kube-system",
    },
    { flags: "--kubeconfig <file>", about: "reach the controller by this kubeconfig" },
    { flags: "--context <name>", about: "use this context of the kubeconfig" },
    { flags: "--dry-run", about: "show what would be written, and write nothing" },
  ],
  rest: { flags: "[keys...]", about: "with --platform: keys whose values are asked for" },
  examples: [
    "deno task seal-secret --platform glucosync --name redis password",
    "deno task -q seal-secret --fetch-cert --context prod > sealing.pem",
    "deno task seal-secret --cert sealing.pem -f secret.yaml -w sealed.yaml",
    "deno task seal-secret --cert sealing.pem -f secrets/ -w sealed/",
    "deno task seal-secret --cert sealing.pem --name db --namespace shop --from-prompt password -w db.yaml",
    "deno task seal-secret --cert sealing.pem --from-prompt password --merge-into db.yaml",
    "deno task -q seal-secret --cert sealing.pem --raw --name db --namespace shop < password.txt",
    "deno task seal-secret --validate --context prod -f db.yaml",
    "deno task -q seal-secret --recovery-unseal --recovery-private-key keys.yaml -f db.yaml",
  ],
} as const;

const host = hostWithoutEnvironment();

await runTable<SealSecretRequest>(table, async (options, keys, context) => {
  const { sealSecretTask } = await import(
    new URL("../lib/flows/seal/seal_secret.ts", import.meta.url).href
  ) as typeof import("../lib/flows/seal/seal_secret.ts");
  return await sealSecretTask({ ...options, keys }, {
    stdin: async () => new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer()),
    stdinIsTerminal: Deno.stdin.isTerminal(),
    write: host.stdout.write,
  }, context);
}, host);
