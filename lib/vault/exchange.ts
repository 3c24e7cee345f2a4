import { messageOf, UsageError } from "../core/errors.ts";
import { connectionFailure } from "./connection_failure.ts";

/** One HTTP request to a Vault server. */
export interface ExchangeRequest {
  /** What is being done, for messages, such as `GET sys/health`. */
  tried: string;
  /** HTTP method. */
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** Path and query, from the root: `/v1/sys/health?standbyok=true`. */
  path: string;
  /** Headers, with the token. */
  headers: Readonly<Record<string, string>>;
  /** Body. */
  body?: string | Uint8Array<ArrayBuffer>;
  /** Ends the request, and the reading of the answer. */
  signal: AbortSignal;
}

/** An answer whose body is still to be read. */
export interface ExchangeAnswer {
  /** HTTP status code. */
  status: number;
  /** Headers. */
  headers: Headers;
  /** Body. */
  body: ReadableStream<Uint8Array> | null;
}

/** A way to one Vault server: over HTTP, or through an API server. */
export interface VaultExchange {
  /** Where it is, for messages. */
  readonly address: string;
  /** Send a request. @throws {VaultError} when there is no answer */
  send(request: ExchangeRequest): Promise<ExchangeAnswer>;
  /** Close connections. */
  close(): void;
}

/**
 * A way over HTTP.
 *
 * @param address URL, such as `https://vault.example.org:8200`
 * @param caCerts authorities besides the public ones, in PEM
 * @throws {UsageError} when the address is none, or an authority is no certificate
 */
export function httpExchange(address: string, caCerts: readonly string[] = []): VaultExchange {
  const root = rootOf(address);
  const client = clientFor(address, caCerts);
  return {
    address: root,
    async send({ tried, path, ...init }) {
      try {
        const response = await fetch(root + path, { ...init, client, redirect: "manual" });
        return { status: response.status, headers: response.headers, body: response.body };
      } catch (error) {
        throw init.signal.aborted ? init.signal.reason : connectionFailure(tried, root, error);
      }
    },
    close: () => client.close(),
  };
}

function clientFor(address: string, caCerts: readonly string[]): Deno.HttpClient {
  try {
    // Deno takes what has no certificate for no authority, and says nothing.
    if (!caCerts.every((pem) => pem.includes("-----BEGIN CERTIFICATE-----"))) {
      throw new TypeError("it has no line -----BEGIN CERTIFICATE-----");
    }
    return Deno.createHttpClient({ caCerts: [...caCerts] });
  } catch (cause) {
    throw new UsageError(
      `Cannot connect to the Vault ${address}: its authority is no certificate in PEM: ${
        messageOf(cause)
      }`,
      { remedy: "name a file that begins with -----BEGIN CERTIFICATE-----", cause },
    );
  }
}

function rootOf(address: string): string {
  const url = URL.parse(address);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "") {
    return url.origin + url.pathname.replace(/\/$/, "");
  }
  throw new UsageError(`Cannot connect to a Vault at "${withoutUser(address)}": it is no address`, {
    remedy: "write it as https://vault.example.org:8200",
  });
}

/** An address with a password in it is shown without. */
function withoutUser(address: string): string {
  return address.replace(/\/\/[^/]*@/, "//…@");
}
