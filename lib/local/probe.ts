/** Asks an API server whether it is ready, without retries and without patience. */
export interface ReadinessProbe {
  /** `ready`, or why not. */
  ask(): Promise<string>;
  /** Close its connections. */
  close(): void;
}

/** How long one question may take, in milliseconds. */
const questionMs = 2_000;

/**
 * Make a probe that speaks as the administrator of the cluster in a folder. It is not the cluster
 * client, because that one tries again by itself, and here each moment counts.
 */
export async function createReadinessProbe(
  folder: string,
  server: string,
  signal: AbortSignal,
): Promise<ReadinessProbe> {
  const [authority, cert, key] = await Promise.all(
    ["ca.crt", "admin.crt", "admin.key"].map((file) =>
      Deno.readTextFile(`${folder}/certs/${file}`)
    ),
  );
  const client = Deno.createHttpClient({ caCerts: [authority!], cert: cert!, key: key! });
  return {
    async ask() {
      try {
        const answer = await fetch(`${server}/readyz?verbose`, {
          client,
          signal: AbortSignal.any([signal, AbortSignal.timeout(questionMs)]),
        });
        const text = await answer.text();
        return answer.ok ? "ready" : failingChecks(text) ?? `HTTP ${answer.status}`;
      } catch {
        signal.throwIfAborted();
        return "it does not answer";
      }
    },
    close: () => client.close(),
  };
}

/** The checks that fail, from the text of `/readyz?verbose`. */
export function failingChecks(text: string): string | undefined {
  const checks = [...text.matchAll(/^\[-\](\S+)/gm)].map((match) => match[1]!);
  return checks.length === 0 ? undefined : `these checks fail: ${checks.join(", ")}`;
}
