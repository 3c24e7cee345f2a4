import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { type SealSecretRequest, sealSecretTask } from "../../../lib/flows/seal/seal_secret.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { makePair, type SealingPair } from "../../seal/sealing_pair.ts";

/** A folder in which the flow works, and all that it told and wrote. */
export interface FlowGround {
  /** The folder. */
  folder: string;
  /** The key in `cert.pem` and `key.pem`. */
  pair: SealingPair;
  /** Do what a command line asks for, with `cert.pem` where it names no certificate; what it wrote on standard output. */
  seal: (request: Partial<SealSecretRequest>, stdin?: string) => Promise<string>;
  /** All that was told. */
  events: SlipwayEvent[];
  /** Answers for prompts, one after the other. */
  answers: string[];
  /** Knows what was hidden. */
  redact: (text: string) => string;
  /** Write a file below the folder. */
  write: (path: string, text: string) => Promise<void>;
  /** Read a file below the folder. */
  read: (path: string) => Promise<string>;
}

const shared = await makePair();

/** Give a test a folder with a certificate and its key. */
export async function withFlow(work: (ground: FlowGround) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const answers: string[] = [];
    const context = testContext({
      cwd: folder,
      askSecret: () => Promise.resolve(answers.shift()!),
    });
    const usual = {
      cert: "cert.pem",
      controllerName: "sealed-secrets-controller",
      controllerNamespace: "kube-system",
    };
    await Deno.writeTextFile(`${folder}/cert.pem`, shared.cert);
    await Deno.writeTextFile(`${folder}/key.pem`, shared.key);
    await work({
      folder,
      pair: shared,
      events: context.events,
      answers,
      redact: context.redactor.redact,
      write: (path, text) => Deno.writeTextFile(`${folder}/${path}`, text),
      read: (path) => Deno.readTextFile(`${folder}/${path}`),
      async seal(request, stdin = "") {
        let written = "";
        await sealSecretTask({ ...usual, ...request }, {
          stdin: () => Promise.resolve(new TextEncoder().encode(stdin)),
          stdinIsTerminal: false,
          write: (text) => written += text,
        }, context);
        return written;
      },
    });
  });
}
