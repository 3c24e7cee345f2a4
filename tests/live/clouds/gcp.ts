import { type Authority, claimsOf, type Cloud, httpsPort } from "./cloud.ts";
import { field, firstText, serveGrpc, type UnaryCall } from "./grpc.ts";

const addresses = {
  "securetoken.googleapis.com": "127.83.65.4",
  "iamcredentials.googleapis.com": "127.83.65.5",
  "secretmanager.googleapis.com": "127.83.65.6",
} as const;
const metadataAddress = "127.83.65.7";
const notFound = 5;

/**
 * Google Cloud's Secret Manager with all that a cluster's identity needs: metadata of the cluster, the exchange of a
 * service account's token, and the credentials of a Google service account. The last two and Secret Manager speak gRPC.
 * Source: google.cloud.secretmanager.v1 AccessSecretVersion, google.iam.credentials.v1 GenerateAccessToken, and GKE,
 * "Workload Identity Federation".
 *
 * @param project project of the cluster
 */
export async function startGcp(authority: Authority, project: string): Promise<Cloud> {
  const secrets: Cloud["secrets"] = new Map();
  const asked: string[] = [];
  const metadata = Deno.serve(
    { hostname: metadataAddress, port: 0, onListen: () => {} },
    () => new Response(project, { headers: { "metadata-flavor": "Google" } }),
  );
  const exchange = Deno.serve({
    hostname: addresses["securetoken.googleapis.com"],
    port: httpsPort,
    onListen: () => {},
    ...await authority.issue(["securetoken.googleapis.com"]),
  }, async (request) => {
    const { subject_token, audience } = await request.json();
    const token = claimsOf(subject_token);
    asked.push(`exchange for ${audience} as ${token.sub} for ${token.aud}`);
    return Response.json({ access_token: "bound", token_type: "Bearer", expires_in: 3600 });
  });
  const iam = await listen(authority, "iamcredentials.googleapis.com", (message) => {
    asked.push(`GenerateAccessToken ${firstText(message)}`);
    const seconds = Math.floor(Date.now() / 1000) + 3600;
    // A Timestamp's seconds are a varint, five bytes long until the year 3058.
    const varint = [0, 7, 14, 21, 28].map((shift) =>
      Math.floor(seconds / 2 ** shift) % 128 | (shift === 28 ? 0 : 128)
    );
    const expires = field(3, Uint8Array.of(1 << 3, ...varint));
    return { message: new Uint8Array([...field(1, "google"), ...expires]) };
  });
  const manager = await listen(authority, "secretmanager.googleapis.com", (message) => {
    const name = firstText(message);
    asked.push(`AccessSecretVersion ${name}`);
    const secret = secrets.get(/\/secrets\/([^/]+)\//.exec(name)?.[1] ?? "");
    if (secret === undefined) return { status: notFound, because: `Secret [${name}] not found` };
    const payload = field(1, JSON.stringify(secret));
    return { message: new Uint8Array([...field(1, name), ...field(2, payload)]) };
  });
  return {
    use: "gcp",
    secrets,
    asked,
    hosts: Object.fromEntries(
      Object.entries(addresses).map(([name, address]) => [name, [address]]),
    ),
    env: { GCE_METADATA_HOST: `${metadataAddress}:${metadata.addr.port}` },
    async [Symbol.asyncDispose]() {
      await Promise.all([metadata.shutdown(), exchange.shutdown(), iam(), manager()]);
    },
  };
}

/** Serve gRPC under a name; the returned function ends that. */
async function listen(
  authority: Authority,
  name: keyof typeof addresses,
  call: UnaryCall,
): Promise<() => Promise<void>> {
  const listener = Deno.listenTls({
    hostname: addresses[name],
    port: httpsPort,
    alpnProtocols: ["h2"],
    ...await authority.issue([name]),
  });
  const open = new Set<Deno.TlsConn>();
  const served: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      open.add(connection);
      served.push(serveGrpc(connection, call).finally(() => open.delete(connection)));
    }
  })();
  return async () => {
    listener.close();
    for (const connection of open) connection.close();
    await Promise.allSettled([accepting, ...served]);
  };
}
