import { Buffer } from "node:buffer";

/** An answer of HTTP/1.1, whole. Source: RFC 9112. */
export interface HttpAnswer {
  /** Status code. */
  statusCode: number;
  /** Headers, their names in small letters. */
  headers: Record<string, string>;
  /** Body. */
  body: Uint8Array<ArrayBuffer>;
  /** Whether another request can follow on the same connection. */
  reusable: boolean;
}

/** Gives the next bytes of a connection; null at its end. */
export type ReadBytes = () => Promise<Uint8Array | null>;

/** Longest answer that is taken, in bytes: what large bodies are answered with is small. */
const longest = 1024 * 1024;

/**
 * Read the answer to one request.
 *
 * @throws {Error} with the code `ECONNRESET` when it ends early, and with `EPROTO` when it is none
 */
export async function readAnswer(read: ReadBytes): Promise<HttpAnswer> {
  let held = Buffer.alloc(0);
  const more = async () => {
    const bytes = await read();
    if (bytes === null) throw coded("the connection ended within an answer", "ECONNRESET");
    held = Buffer.concat([held, bytes]);
    if (held.length > longest) throw coded("an answer is too long", "EPROTO");
  };
  const until = async (mark: string): Promise<string> => {
    for (;;) {
      const at = held.indexOf(mark);
      if (at >= 0) {
        const text = held.toString("latin1", 0, at);
        held = held.subarray(at + mark.length);
        return text;
      }
      await more();
    }
  };
  const bytes = async (count: number) => {
    while (held.length < count) await more();
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  };
  for (;;) {
    const { statusCode, headers } = readHead(await until("\r\n\r\n"));
    // Interim answers come before the one that counts.
    if (statusCode < 200) continue;
    const length = headers["content-length"];
    let body: Uint8Array;
    let ended = false;
    if (/chunked/i.test(headers["transfer-encoding"] ?? "")) {
      const chunks: Uint8Array[] = [];
      for (;;) {
        const size = parseInt(await until("\r\n"), 16);
        if (Number.isNaN(size)) throw coded("an answer's chunk has no size", "EPROTO");
        if (size === 0) break;
        chunks.push(await bytes(size));
        await until("\r\n");
      }
      while (await until("\r\n") !== "");
      body = Buffer.concat(chunks);
    } else if (length !== undefined || statusCode === 204 || statusCode === 304) {
      body = await bytes(Number(length ?? 0));
    } else {
      for (let next = await read(); next !== null; next = await read()) {
        held = Buffer.concat([held, next]);
      }
      [body, ended] = [held, true];
    }
    const reusable = !ended && held.length === 0 && !/close/i.test(headers["connection"] ?? "");
    return { statusCode, headers, body: new Uint8Array(body), reusable };
  }
}

function readHead(text: string): Pick<HttpAnswer, "statusCode" | "headers"> {
  const [line = "", ...lines] = text.split("\r\n");
  const [, code] = /^HTTP\/1\.[01] (\d{3})/.exec(line) ?? [];
  if (code === undefined) throw coded(`"${line.slice(0, 40)}" is no answer of HTTP/1.1`, "EPROTO");
  const headers: Record<string, string> = {};
  for (const each of lines) {
    const at = each.indexOf(":");
    headers[each.slice(0, at).toLowerCase()] = each.slice(at + 1).trim();
  }
  return { statusCode: Number(code), headers };
}

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
