import { generateIdentity, identityToRecipient } from "age-encryption";
import type { Context } from "../../lib/core/context.ts";
import type { SlipwayEvent } from "../../lib/core/events.ts";
import { createRedactor } from "../../lib/core/redact.ts";
import type { VaultInitialize } from "../../lib/platform/types.ts";
import { testContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { writeShop } from "./shop.ts";

/** Somebody who keeps a share. */
export interface Holder {
  /** Name in the platform. */
  name: string;
  /** File with their age identity. */
  identityFile: string;
  /** Their recipient. */
  recipient: string;
}

/** A platform whose Vault stands outside, in a folder of a test's own. */
export interface Installation {
  /** The folder. */
  folder: string;
  /** The platform file. */
  platform: string;
  /** Folder of the keys. */
  keys: string;
  /** Who keeps the shares. */
  holders: Holder[];
  /** Everything that was told. */
  events: SlipwayEvent[];
  /** What flows need; its answers to questions for secrets are `typed`, one after the other. */
  context: Context;
  /** What is typed when a secret is asked for. */
  typed: string[];
}

/** Make a platform whose Vault has three holders of three shares, two of which unseal it. */
export async function withInstallation(
  address: string,
  work: (installation: Installation) => Promise<void>,
  initialize: VaultInitialize = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const holders: Holder[] = [];
    for (const name of ["ana", "ben", "cleo"]) {
      const identity = await generateIdentity();
      const identityFile = `${folder}/${name}.txt`;
      await Deno.writeTextFile(identityFile, `# ${name}\n${identity}\n`);
      holders.push({ name, identityFile, recipient: await identityToRecipient(identity) });
    }
    const platform = await writeShop(folder, "shop", {
      vaults: {
        vault: {
          outside: { address },
          initialize: {
            shares: 3,
            threshold: 2,
            holders: Object.fromEntries(holders.map(({ name, recipient }) => [name, recipient])),
            ...initialize,
          },
          configuration: {
            mounts: { secret: { type: "kv-v2" } },
            policies: { readers: { paths: { "secret/data/*": ["read"] } } },
          },
        },
      },
    });
    const typed: string[] = [];
    const redactor = createRedactor();
    const context = testContext({
      cwd: folder,
      redactor,
      askSecret: (question) => {
        const answer = typed.shift();
        if (answer === undefined) throw new Error(`nobody answers: ${question}`);
        redactor.add(answer);
        return Promise.resolve(answer);
      },
    });
    await work({
      folder,
      platform,
      keys: `${folder}/keys`,
      holders,
      events: context.events,
      context,
      typed,
    });
  });
}
