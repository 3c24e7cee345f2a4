import { formatDuration } from "../../core/units.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { VaultClient } from "../client.ts";
import { commonNameOf, readCertificate } from "./certificate.ts";
import type { PlanNote, VaultChange } from "./change.ts";
import type { DesiredAuthority } from "./desired.ts";
import { listNames, readData } from "../read.ts";

/** What part of its time an authority may have left before its end is told. */
const nearEnd = 1 / 10;

/** What becomes of an authority, and what is to be known of the one that is there. */
export interface AuthorityPlan {
  /** What becomes of it. */
  change: VaultChange;
  /** What the reader should know of it. */
  notes: PlanNote[];
}

/**
 * What becomes of an authority. One that is there is never replaced, whatever it is: all that it has signed hangs
 * on it.
 */
export async function planAuthority(
  client: VaultClient,
  authority: DesiredAuthority,
  now: Temporal.Instant,
  signal?: AbortSignal,
): Promise<AuthorityPlan> {
  const { mount, commonName, signedBy, ttlSeconds, because } = authority;
  const change = {
    kind: "authority" as const,
    name: mount,
    ...(because === undefined ? {} : { because }),
    diff: [],
  };
  const issuers = await listNames(client, `${mount}/issuers`, signal);
  if (issuers.length === 0) {
    const keys = await listNames(client, `${mount}/keys`, signal);
    const signer = signedBy === undefined ? "itself" : signedBy;
    return {
      change: {
        ...change,
        action: "created",
        because: `${commonName}, for ${days(ttlSeconds)}, signed by ${signer}`,
        act: {
          do: "authority",
          authority,
          // Left by a run that was ended between the key and its certificate.
          ...(signedBy !== undefined && keys.length === 1 ? { keyId: keys[0]! } : {}),
        },
      },
      notes: [],
    };
  }
  const issuer = await readData<{ certificate?: string }>(
    client,
    `${mount}/issuer/default`,
    signal,
  );
  const certificate = await readCertificate(issuer?.certificate ?? "");
  if (certificate === undefined) {
    return {
      change: { ...change, action: "kept", because: "it has issuers, but none is its default" },
      notes: [{
        message:
          `The engine ${mount} signs nothing: none of its ${issuers.length} issuers is its default`,
        remedy: `choose one with \`vault write ${mount}/config/issuers default=ID\``,
      }],
    };
  }
  const found = commonNameOf(certificate.subject);
  const notes: PlanNote[] = [];
  if (found !== commonName) {
    notes.push({
      message:
        `The authority ${mount} is called ${found}, not ${commonName} as the platform has it`,
      remedy: "declare the name that it has; an authority is never replaced",
    });
  }
  const left = certificate.notAfter.since(now).total("seconds");
  const whole = certificate.notAfter.since(certificate.notBefore).total("seconds");
  if (left < whole * nearEnd) notes.push(endOf(authority, left));
  return {
    change: {
      ...change,
      action: found === commonName ? "unchanged" : "kept",
      because: `${found}, valid until ${certificate.notAfter.toString().slice(0, 10)}`,
    },
    notes,
  };
}

/** Make an authority: its key never leaves Vault. Source: Vault, "PKI secrets engine", "Build your own certificate authority". */
export async function makeAuthority(
  client: VaultClient,
  { mount, commonName, ttlSeconds, signedBy, keyType, keyBits }: DesiredAuthority,
  { keyId, signal }: { keyId?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const key = { key_type: keyType, key_bits: keyBits };
  const ttl = `${ttlSeconds}s`;
  if (signedBy === undefined) {
    await client.request("POST", `${mount}/root/generate/internal`, {
      body: { common_name: commonName, ttl, ...key },
      signal,
    });
    return;
  }
  const way = keyId === undefined ? "internal" : "existing";
  const request = await client.request<{ data: { csr: string } }>(
    "POST",
    `${mount}/intermediate/generate/${way}`,
    {
      body: { common_name: commonName, ...(keyId === undefined ? key : { key_ref: keyId }) },
      signal,
    },
  );
  const signed = await client.request<
    { data: { certificate: string; ca_chain?: string[]; issuing_ca: string } }
  >("POST", `${signedBy}/root/sign-intermediate`, {
    body: { csr: request?.data.csr, common_name: commonName, ttl, format: "pem" },
    signal,
  });
  if (signed === undefined) {
    throw new SlipwayError(`Cannot make the authority ${mount}: ${signedBy} signed nothing`, {
      remedy: "run the same command again",
    });
  }
  const { certificate, ca_chain = [signed.data.issuing_ca] } = signed.data;
  const chain = [...new Set([certificate, ...ca_chain].map((pem) => pem.trim()))];
  await client.request("POST", `${mount}/intermediate/set-signed`, {
    body: { certificate: chain.join("\n") },
    signal,
  });
}

function endOf({ mount, signedBy }: DesiredAuthority, leftSeconds: number): PlanNote {
  const remedy = signedBy === undefined
    ? `make a new root beside it with \`vault write ${mount}/root/rotate/internal\`, have all who trust it trust both, ` +
      "then make it the default"
    : `make a new one beside it in ${mount} with \`vault pki reissue\`, signed by ${signedBy}, and make it the default`;
  return {
    message: leftSeconds > 0
      ? `The authority ${mount} ends in ${days(leftSeconds)}; what it signs ends with it`
      : `The authority ${mount} has ended ${days(-leftSeconds)} ago: nobody accepts what it signs`,
    remedy,
  };
}

function days(seconds: number): string {
  const whole = Math.floor(seconds / 86_400);
  if (whole === 0) return formatDuration(seconds * 1_000);
  return whole === 1 ? "1 day" : `${whole} days`;
}
