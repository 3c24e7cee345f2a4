import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import type { ClusterVault } from "../../platform/types.ts";
import type { VaultClient } from "../../vault/client.ts";
import { hasProblem } from "../../vault/errors.ts";
import { tokenIsValid } from "../../vault/root.ts";
import type { Session } from "../session.ts";
import { type OpenVault, openVault } from "./open.ts";
import { readOwnSecret, writeOwnSecret } from "./own_secret.ts";
import { sealerContext, type SealerRequest, sealerRequest } from "./sealer.ts";
import { type TokenRequest, withVaultToken } from "./token.ts";

/** By what the Vault that unseals another one is asked for a token; where none is given, by its shares. */
export interface SealTokenRequest extends SealerRequest, TokenRequest {}

/**
 * See to the token by which a Vault unseals itself with another one's key: leave one that works, else make a new one of
 * the token role there. Vault renews it by itself. Returns whether it was written.
 *
 * @throws {SlipwayError} when the other Vault is sealed, away, or has no such role
 */
export async function ensureSealToken(
  session: Session,
  vault: ClusterVault,
  request: SealTokenRequest,
  context: Context,
): Promise<boolean> {
  const seal = vault.seal!;
  const place = { namespace: vault.namespace, name: seal.token.secret };
  return await step(
    context,
    `See to the token for the seal of ${request.vault}`,
    async () => {
      const kept = (await readOwnSecret(session.client, place, context))?.[seal.token.key];
      if (kept !== undefined) context.redactor.add(kept);
      // Without `keys`, which says where those of the Vault that is installed are.
      const asked = { ...sealerRequest(request, seal.vault), identity: request.identity };
      const there = sealerContext(context);
      await using sealer = await openVault(asked, there);
      throwIfSealed(await sealer.look(there), sealer);
      if (kept !== undefined && await tokenIsValid(sealer.client.withToken(kept), there)) {
        return false;
      }
      return await withVaultToken(sealer, asked, there, async (client) => {
        const token = await newToken(client, seal.role, sealer.name, there);
        context.redactor.add(token);
        const values = { [seal.token.key]: token };
        return await writeOwnSecret(session.client, { ...place, values }, context);
      });
    },
    (wrote) =>
      wrote
        ? `a new one is in Secret ${place.namespace}/${place.name}`
        : "the one that is there works",
  );
}

function throwIfSealed(
  states: Awaited<ReturnType<OpenVault["look"]>>,
  { name, declared }: OpenVault,
): void {
  const there = states.find(({ seal }) => seal !== undefined && !seal.sealed);
  if (there !== undefined) return;
  const found = states[0]!;
  if (found.problem !== undefined) {
    throw new SlipwayError(
      `Cannot use the Vault ${name} to unseal another one: ${found.problem.message}`,
      {
        remedy:
          `install it first, with \`deno task install-vault --vault ${name}\`; if it is installed, ${
            found.problem.remedy ?? "see its log"
          }`,
        retryable: found.problem.retryable,
        cause: found.problem,
      },
    );
  }
  const where = declared.outside === undefined ? "" : ` at ${declared.outside.address}`;
  const isNew = !found.seal!.initialized;
  throw new SlipwayError(
    `Cannot use the Vault ${name}${where} to unseal another one: it is ${
      isNew ? "not initialised" : "sealed"
    }`,
    {
      remedy: isNew
        ? `install it first, with \`deno task install-vault --vault ${name}\``
        : `unseal it first, with \`deno task unseal-vault --vault ${name}\``,
    },
  );
}

async function newToken(
  client: VaultClient,
  role: string,
  name: string,
  { signal }: Pick<Context, "signal">,
): Promise<string> {
  try {
    const answer = await client.request<{ auth?: { client_token?: string } }>(
      "POST",
      `auth/token/create/${role}`,
      { body: { display_name: "seal" }, signal },
    );
    const token = answer?.auth?.client_token;
    if (token !== undefined) return token;
    throw new SlipwayError(`Cannot make a token at the Vault ${name}: its answer has none`);
  } catch (error) {
    if (!hasProblem(error, "invalid", "not-found")) throw error;
    throw new SlipwayError(
      `Cannot make a token of the role ${role} at the Vault ${name}: ${error.errors.join("; ")}`,
      {
        remedy:
          `declare the role under vaults.${name}.configuration, and run \`deno task configure-vault --vault ${name}\``,
        cause: error,
      },
    );
  }
}
