/** Where an HTTPS server listens, and whom it is asked for. */
export interface HttpsTarget {
  /** Port on loopback. */
  port: number;
  /** Host name, which the certificate must be for. */
  host: string;
  /** Certificate, in PEM, of the only authority that is trusted besides the public ones. */
  caCert: string;
}

/** An HTTP response. */
export interface RawResponse {
  /** Status code. */
  status: number;
  /** Headers, by their name in lower case. */
  headers: Headers;
  /** Body, as text. */
  body: string;
}

/** One HTTPS request by HTTP/1.1 to a server on loopback under a name that DNS need not know, its certificate verified. */
export async function request(
  { port, host, caCert }: HttpsTarget,
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<RawResponse> {
  const tcp = await Deno.connect({ hostname: "127.0.0.1", port });
  using connection = await Deno.startTls(tcp, { hostname: host, caCerts: [caCert] });
  const lines = Object.entries({ host, connection: "close", ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
  await connection.write(new TextEncoder().encode(text));
  return parse(await new Response(untilClosed(connection)).text());
}

function parse(text: string): RawResponse {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(first.split(" ")[1]),
    headers: new Headers(pairs),
    body: text.slice(end + 4),
  };
}

function untilClosed(connection: Deno.TlsConn): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const buffer = new Uint8Array(16_384);
      const count = await connection.read(buffer);
      if (count === null) controller.close();
      else controller.enqueue(buffer.slice(0, count));
    },
  });
}

/** What a server answers to a handshake that offers one version of TLS: the type of its first record. */
export async function handshakeAnswer(
  { port, host }: Pick<HttpsTarget, "port" | "host">,
  version: "1.1" | "1.2",
): Promise<"refused" | "accepted"> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(clientHello(host, version === "1.1" ? 0x0302 : 0x0303));
  const record = new Uint8Array(5);
  await connection.read(record);
  if (record[0] === 21) return "refused";
  if (record[0] === 22) return "accepted";
  throw new Error(`neither an alert nor a handshake, but a record of type ${record[0]}`);
}

/** Source: RFC 5246, section 7.4.1.2, and RFC 6066, section 3, for the name of the server. */
function clientHello(host: string, version: number): Uint8Array<ArrayBuffer> {
  const name = [...new TextEncoder().encode(host)];
  // ECDHE-ECDSA with AES-128: by CBC with SHA-1, which TLS 1.1 has, and by GCM, which only 1.2 has.
  const suites = [0xc0, 0x09, 0xc0, 0x2b];
  const extensions = [
    ...extension(0, sized(2, [0, ...sized(2, name)])),
    // Curve P-256; points not compressed; ECDSA with SHA-256.
    ...extension(10, sized(2, [0, 23])),
    ...extension(11, sized(1, [0])),
    ...extension(13, sized(2, [4, 3])),
  ];
  const hello = [
    ...bytes(2, version),
    ...crypto.getRandomValues(new Uint8Array(32)),
    0,
    ...sized(2, suites),
    ...sized(1, [0]),
    ...sized(2, extensions),
  ];
  return Uint8Array.from([22, 3, 1, ...sized(2, [1, ...sized(3, hello)])]);
}

function extension(type: number, content: readonly number[]): number[] {
  return [...bytes(2, type), ...sized(2, content)];
}

function sized(width: number, content: readonly number[]): number[] {
  return [...bytes(width, content.length), ...content];
}

function bytes(width: number, value: number): number[] {
  return Array.from({ length: width }, (_, place) => (value >> (8 * (width - 1 - place))) & 255);
}
