/** The bytes that etcd holds under a key of an embedded cluster; undefined when it has none. Source: etcd, "gRPC gateway". */
export async function etcdValue(
  folder: string,
  key: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  using client = Deno.createHttpClient({
    // The socket's name has a port, as the URL that etcd was given.
    proxy: { transport: "unix", path: `${folder}/etcd/client.sock:0` },
  });
  const answer = await fetch("http://etcd/v3/kv/range", {
    client,
    method: "POST",
    body: JSON.stringify({ key: new TextEncoder().encode(key).toBase64() }),
  });
  if (!answer.ok) throw new Error(`etcd answers HTTP ${answer.status}: ${await answer.text()}`);
  const { kvs = [] } = await answer.json() as { kvs?: { value: string }[] };
  return kvs[0] === undefined ? undefined : Uint8Array.fromBase64(kvs[0].value);
}
