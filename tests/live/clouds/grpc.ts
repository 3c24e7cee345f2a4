/** A call by gRPC that wants one message and gives one. */
export type UnaryCall = (message: Uint8Array) => Promise<GrpcAnswer> | GrpcAnswer;

/** What a call gives: a message, or a status other than 0. Source: gRPC, "Status codes". */
export type GrpcAnswer = { message: Uint8Array } | { status: number; because: string };

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const frames = { data: 0, headers: 1, settings: 4, ping: 6 } as const;
const endStream = 1;
const endHeaders = 4;
const ack = 1;
const padded = 8;

/**
 * The least of a gRPC server: all calls of a connection go to one function, whatever their names, and headers of
 * requests are not read, so none of HPACK's tables is needed. Messages fit into one frame each.
 * Source: RFC 9113, and gRPC, "gRPC over HTTP2".
 */
export async function serveGrpc(connection: Deno.TlsConn, call: UnaryCall): Promise<void> {
  const writer = connection.writable.getWriter();
  const send = (type: number, flags: number, stream: number, payload: Uint8Array) =>
    writer.write(frame(type, flags, stream, payload));
  const parts = new Map<number, Uint8Array[]>();
  try {
    const read = exactly(connection.readable);
    await read(preface.length);
    await send(frames.settings, 0, 0, new Uint8Array());
    for (;;) {
      const head = await read(9);
      const length = head[0]! << 16 | head[1]! << 8 | head[2]!;
      const [type, flags] = [head[3]!, head[4]!];
      const stream = new DataView(head.buffer).getUint32(5) & 0x7fffffff;
      const payload = await read(length);
      if (type === frames.settings && (flags & ack) === 0) {
        await send(frames.settings, ack, 0, new Uint8Array());
      }
      if (type === frames.ping && (flags & ack) === 0) await send(frames.ping, ack, 0, payload);
      if (type !== frames.data) continue;
      const text = (flags & padded) === 0
        ? payload
        : payload.subarray(1, payload.length - payload[0]!);
      const known = parts.get(stream) ?? [];
      parts.set(stream, [...known, text]);
      if ((flags & endStream) === 0) continue;
      const body = concat(parts.get(stream)!);
      parts.delete(stream);
      // One byte says whether it is compressed, four its length.
      await answer(send, stream, await call(body.subarray(5)));
    }
  } catch (error) {
    const isEnd = error instanceof Deno.errors.UnexpectedEof ||
      error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
      error instanceof TypeError;
    if (!isEnd) throw error;
  } finally {
    await writer.close().catch(() => {});
  }
}

type Send = (type: number, flags: number, stream: number, payload: Uint8Array) => Promise<void>;

async function answer(send: Send, stream: number, given: GrpcAnswer): Promise<void> {
  // Index 8 of HPACK's static table is `:status: 200`. Source: RFC 7541, appendix A.
  const opening = concat([Uint8Array.of(0x88), literal("content-type", "application/grpc")]);
  await send(frames.headers, endHeaders, stream, opening);
  if ("message" in given) {
    const head = new Uint8Array(5);
    new DataView(head.buffer).setUint32(1, given.message.length);
    await send(frames.data, 0, stream, concat([head, given.message]));
  }
  const trailers = "message" in given ? literal("grpc-status", "0") : concat([
    literal("grpc-status", String(given.status)),
    literal("grpc-message", given.because),
  ]);
  await send(frames.headers, endHeaders | endStream, stream, trailers);
}

/** A header that enters no table. Source: RFC 7541, section 6.2.2; lengths stay below 127. */
function literal(name: string, value: string): Uint8Array {
  const [key, text] = [name, value].map((part) => new TextEncoder().encode(part));
  return concat([Uint8Array.of(0, key!.length), key!, Uint8Array.of(text!.length), text!]);
}

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  const head = new Uint8Array(9);
  const view = new DataView(head.buffer);
  view.setUint32(0, payload.length << 8 | type);
  view.setUint8(4, flags);
  view.setUint32(5, stream);
  return concat([head, payload]);
}

function exactly(stream: ReadableStream<Uint8Array>): (count: number) => Promise<Uint8Array> {
  const reader = stream.getReader();
  let rest = new Uint8Array();
  return async (count) => {
    while (rest.length < count) {
      const { value, done } = await reader.read();
      if (done) throw new Deno.errors.UnexpectedEof();
      rest = concat([rest, value]);
    }
    const found = rest.slice(0, count);
    rest = rest.slice(count);
    return found;
  };
}

/** A field of a message whose type is text or bytes. Source: Protocol Buffers, "Encoding". */
export function field(number: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const length: number[] = [];
  for (let rest = bytes.length; rest > 0 || length.length === 0; rest >>>= 7) {
    length.push(rest > 127 ? rest & 127 | 128 : rest);
  }
  return concat([Uint8Array.of(number << 3 | 2, ...length), bytes]);
}

/** The text of a message's first field, where that is number 1; shorter than 128 bytes. */
export function firstText(message: Uint8Array): string {
  return new TextDecoder().decode(message.subarray(2, 2 + message[1]!));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
