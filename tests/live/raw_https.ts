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
  target: HttpsTarget,
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<RawResponse> {
  const lines = { host: target.host, connection: "close", ...headers };
  return parse(await exchange(target, requestText(method, path, lines)));
}

/** Status codes of many requests that are sent at once over one connection (pipelining), in their order. */
export async function statuses(
  target: HttpsTarget,
  path: string,
  times: number,
): Promise<number[]> {
  const text = requestText("GET", path, { host: target.host }).repeat(times - 1) +
    requestText("GET", path, { host: target.host, connection: "close" });
  const answer = await exchange(target, text);
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

function requestText(method: string, path: string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Send a text, and return all that is answered until the server closes. */
async function exchange({ port, host, caCert }: HttpsTarget, text: string): Promise<string> {
  const tcp = await Deno.connect({ hostname: "127.0.0.1", port });
  using connection = await Deno.startTls(tcp, { hostname: host, caCerts: [caCert] });
  const writer = connection.writable.getWriter();
  const [answer] = await Promise.all([
    new Response(connection.readable).text(),
    writer.write(new TextEncoder().encode(text)),
  ]);
  return answer;
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
