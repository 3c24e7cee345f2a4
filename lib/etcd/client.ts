import { messageOf, SlipwayError } from "../core/errors.ts";

/** Where an etcd is. */
export interface EtcdAddress {
  /** URL of its HTTP interface. */
  url: string;
  /** Path of its socket, where it listens on one. */
  socket?: string;
  /** Authorities of its certificate, in PEM. */
  caCerts?: readonly string[];
  /** Certificate that it asks of clients, in PEM. */
  cert?: string;
  /** Key of that certificate, in PEM. */
  key?: string;
}

/** An etcd that can be asked. */
export interface EtcdClient extends Disposable {
  /** Its URL. */
  url: string;
  /**
   * Call a method by JSON; the answer's body while it comes. Source: etcd, "gRPC gateway".
   *
   * @throws {SlipwayError} when it does not answer, or refuses
   */
  call(
    method: string,
    body: Record<string, unknown>,
    options: { signal: AbortSignal },
  ): Promise<Response>;
}

/**
 * Make an {@linkcode EtcdClient}; dispose it to close its connections.
 *
 * @param options `timeoutMs`: how long an answer may take to begin, in milliseconds; 60 s when absent
 */
export function createEtcdClient(
  { url, socket, caCerts = [], cert, key }: EtcdAddress,
  { timeoutMs = 60_000 }: { timeoutMs?: number } = {},
): EtcdClient {
  const client = Deno.createHttpClient({
    caCerts: [...caCerts],
    ...cert === undefined || key === undefined ? {} : { cert, key },
    ...socket === undefined ? {} : { proxy: { transport: "unix", path: socket } },
  });
  return {
    url,
    async call(method, body, { signal }) {
      let answer: Response;
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(), timeoutMs);
      try {
        answer = await fetch(`${url}/v3/${method}`, {
          client,
          method: "POST",
          body: JSON.stringify(body),
          signal: AbortSignal.any([signal, silence.signal]),
        });
      } catch (error) {
        signal.throwIfAborted();
        const because = silence.signal.aborted
          ? `no answer within ${timeoutMs / 1_000} s`
          : messageOf(error);
        throw new SlipwayError(`Cannot ask etcd at ${socket ?? url}: ${because}`, {
          remedy:
            "see whether etcd runs there, and whether the certificates are those of its clients",
          retryable: true,
          cause: error,
        });
      } finally {
        clearTimeout(timer);
      }
      if (answer.ok) return answer;
      const text = (await answer.text()).trim().slice(0, 300);
      throw new SlipwayError(
        `Cannot ask etcd at ${url} for ${method}: it answered HTTP ${answer.status}: ${text}`,
        answer.status === 404
          ? { remedy: "name the address of its HTTP interface: k3s has it on port 2382" }
          : {},
      );
    },
    [Symbol.dispose]: () => client.close(),
  };
}
