import { createHash } from "node:crypto";
import { joinBytes } from "../../core/bytes.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { Wire } from "./dial.ts";

/** What a server answers to the request for a WebSocket. */
export type HandshakeAnswer =
  | {
    /** It agrees. */
    agreed: true;
    /** The protocol that it chose; empty when it chose none. */
    protocol: string;
    /** Reads what arrives after the answer. */
    reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
    /** What of it has arrived with the answer. */
    early: Uint8Array<ArrayBuffer>;
  }
  | {
    /** It refuses. */
    agreed: false;
    /** HTTP status code. */
    code: number;
    /** Headers. */
    headers: Headers;
    /** Body, as far as it has one of a known length. */
    text: string;
  };

/** Added to a key by whoever answers it. Source: RFC 6455, section 1.3. */
const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** The longest head or body of an answer that is read, in bytes. */
const longestBytes = 256 * 1024;

/**
 * Ask for a WebSocket on a new connection.
 * Source: RFC 6455, section 4.1.
 *
 * @throws {SlipwayError} when the answer is none
 */
export async function handshake(
  wire: Wire,
  { url, headers, protocols }: {
    /** URL of what is asked for. */
    url: URL;
    /** Headers besides those of the handshake. */
    headers: Headers;
    /** Protocols that would do, the best one first. */
    protocols: readonly string[];
  },
): Promise<HandshakeAnswer> {
  const key = crypto.getRandomValues(new Uint8Array(16)).toBase64();
  const asked = new Headers(headers);
  asked.set("host", url.host);
  asked.set("connection", "Upgrade");
  asked.set("upgrade", "websocket");
  asked.set("sec-websocket-version", "13");
  asked.set("sec-websocket-key", key);
  asked.set("sec-websocket-protocol", protocols.join(", "));
  const lines = [...asked].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const request = `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines}\r\n`;
  const writer = wire.writable.getWriter();
  await writer.write(new TextEncoder().encode(request));
  writer.releaseLock();

  const reader = wire.readable.getReader();
  const { code, headers: answered, rest } = await readHead(reader);
  if (code !== 101) {
    return { agreed: false, code, headers: answered, text: await readBody(reader, answered, rest) };
  }
  const accept = createHash("sha1").update(key + acceptSuffix).digest("base64");
  if (answered.get("sec-websocket-accept") !== accept) {
    throw new SlipwayError("what answers there speaks no WebSocket: it does not accept the key");
  }
  return {
    agreed: true,
    protocol: answered.get("sec-websocket-protocol") ?? "",
    reader,
    early: rest,
  };
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

async function readHead(
  reader: Reader,
): Promise<{ code: number; headers: Headers; rest: Uint8Array<ArrayBuffer> }> {
  let bytes = new Uint8Array();
  for (;;) {
    // Every byte is a character of its own in this encoding, so that places in text and bytes are the same.
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf("\r\n\r\n");
    if (end >= 0) {
      const [first = "", ...lines] = text.slice(0, end).split("\r\n");
      const code = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
      if (Number.isNaN(code)) throw notHttp();
      const headers = new Headers();
      for (const line of lines) {
        const colon = line.indexOf(":");
        if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
      }
      return { code, headers, rest: bytes.subarray(end + 4) };
    }
    if (bytes.length > longestBytes) throw notHttp();
    const { value, done } = await reader.read();
    if (done) throw new SlipwayError("the connection was closed before the answer was complete");
    bytes = joinBytes([bytes, value]);
  }
}

/** What cannot be told to be complete is left out: it is only there to explain. */
async function readBody(reader: Reader, headers: Headers, early: Uint8Array): Promise<string> {
  const wanted = Math.min(Number(headers.get("content-length") ?? 0), longestBytes);
  const pieces = [early];
  let length = early.length;
  while (length < wanted) {
    const { value, done } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  return new TextDecoder().decode(joinBytes(pieces).subarray(0, Math.max(wanted, early.length)));
}

function notHttp(): SlipwayError {
  return new SlipwayError("InvalidContentType: what answers there does not speak HTTP");
}
