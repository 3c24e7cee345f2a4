import type { Context } from "../../core/context.ts";
import { Interrupted, SlipwayError, UsageError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import { sealOf } from "../../platform/vaults.ts";
import { initialize, type InitialKeys } from "../../vault/initialize.ts";
import { lookAtAll, sealStatus } from "../../vault/status.ts";
import { refuseExampleHolders } from "./example_keys.ts";
import { type FirstStep, firstStep } from "./first_step.ts";
import { holdersOf, type KeyRecord, newRecord } from "./key_record.ts";
import type { KeyStore } from "./keys.ts";
import type { OpenVault } from "./open.ts";

/** What an initialisation came to. */
export interface Initialised {
  /** What was done. */
  step: FirstStep;
  /** The record, as it stands now; undefined where its keys are not known here. */
  record?: KeyRecord;
  /** What Vault gave, where it was initialised just now; only in memory. */
  keys?: InitialKeys;
}

/** Decide how an installation of a Vault begins. */
export async function planInitialise(
  open: OpenVault,
  store: KeyStore,
  context: Context,
): Promise<{ first: FirstStep; record?: KeyRecord }> {
  const states = await lookAtAll(open.servers, context);
  const record = await store.read(context);
  const pending = await store.isPending(context);
  return { first: firstStep(states, { where: store.where, record, pending }), record };
}

/**
 * Initialise a Vault that is new, and store what it gives. It is shown before that what it will give can be stored.
 *
 * @throws {SlipwayError} when it cannot be stored, or what is to be done cannot be told
 */
export async function initialiseVault(
  open: OpenVault,
  store: KeyStore,
  options: { embedded: boolean },
  context: Context,
): Promise<Initialised> {
  const { first, record } = await planInitialise(open, store, context);
  switch (first.action) {
    case "refuse":
      throw new SlipwayError(`Cannot install the Vault ${open.name}: ${first.because}`, {
        remedy: first.remedy,
      });
    case "leave":
      return { step: first, record };
    case "finish-keeping":
      return { step: first, record: await store.finish(record!, context) };
    case "start-over":
      await startOver(open, first, options, context);
      break;
    case "initialise-anew":
      await putAside(open, store, first, options, context);
      break;
    case "initialise":
      break;
  }
  // Only on the embedded cluster nothing is at stake.
  if (!options.embedded) refuseExampleHolders(open.platform, open.name);
  return await step(
    context,
    `Initialise ${open.name}`,
    async (progress) => {
      const wanted = wantedRecord(open, context);
      progress("show that its keys can be stored");
      await store.prove(wanted, context);
      await store.write(wanted, context);
      // The first server founds the cluster, and the others join it.
      const { client } = open.servers[0]!;
      const { type } = await sealStatus(client, context);
      if ((type === "shamir") !== (wanted.seal === "shamir")) {
        throw new UsageError(
          `Cannot initialise the Vault ${open.name}: its servers are unsealed by ${type}, and the platform says ${wanted.seal}`,
          { remedy: "apply the platform to the servers, or mend what it says of the seal" },
        );
      }
      progress("wait for Vault's answer");
      const { shares, threshold } = wanted;
      const autoUnseal = type !== "shamir";
      // Whoever interrupts the run must not come between Vault's answer and its storing.
      const steadfast = { ...context, signal: new AbortController().signal };
      const keys = await initialize(client, { shares, threshold, autoUnseal, ...steadfast });
      await store.keep(keys, wanted, steadfast);
      const done = await store.finish(wanted, steadfast);
      return { step: first, record: done, keys };
    },
    ({ record }) =>
      `${record.threshold} of ${record.shares} shares, at ${store.where}: ${holdersOf(record)}`,
  );
}

function wantedRecord({ name, declared, platform }: OpenVault, { now }: Context): KeyRecord {
  const seal = sealOf(declared);
  const { vault = "", mountPath = "", key = "" } = seal ?? {};
  return newRecord(
    {
      vault: name,
      platform: platform.name,
      environment: platform.environment,
      seal: seal === undefined ? "shamir" : "transit",
      ...(seal === undefined ? {} : { transit: { vault, mountPath, key } }),
    },
    declared.initialize!,
    now(),
  );
}

async function startOver(
  open: OpenVault,
  { because, servers }: FirstStep & { action: "start-over" },
  { embedded }: { embedded: boolean },
  context: Context,
): Promise<void> {
  context.emit({
    type: "note",
    level: "warning",
    message: `the Vault ${open.name} is made anew: ${because}`,
  });
  const question = `Throw away the data of ${servers.join(", ")}, and initialise the Vault anew?`;
  if (!embedded && !await context.confirm(question)) {
    throw new Interrupted("Nothing was changed: the answer was no");
  }
  await step(context, `Empty ${servers.join(", ")}`, async () => {
    for (const server of servers) await open.hosting.wipe(server, context);
  });
}

async function putAside(
  open: OpenVault,
  store: KeyStore,
  { because }: FirstStep,
  { embedded }: { embedded: boolean },
  context: Context,
): Promise<void> {
  const question =
    `The Vault ${open.name} was there before: ${because}. Initialise it anew, and put those keys aside? (To bring it back, say no and use restore-vault)`;
  if (!embedded && !await context.confirm(question)) {
    throw new Interrupted("Nothing was changed: the answer was no");
  }
  const where = await store.setAside(context);
  context.emit({
    type: "note",
    level: "info",
    message: `the keys of the Vault that was there before are at ${where}`,
    remedy: "keep them as long as there are backups of it",
  });
}
