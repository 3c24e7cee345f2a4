import { SlipwayError } from "../../core/errors.ts";
import { formatDuration } from "../../core/units.ts";
import type { Wire } from "./dial.ts";
import { encodeFrame, type Frame, frameParser, opcodes } from "./frames.ts";
import type { HandshakeAnswer } from "./handshake.ts";

/** A WebSocket whose reader decides how fast it is sent to. */
export interface Socket {
  /** The protocol that the server chose. */
  protocol: string;
  /**
   * The next frame that carries data; undefined at the end of the connection. Pings are answered.
   *
   * @throws {SlipwayError} when the other side has been silent for too long
   */
  next(): Promise<Frame | undefined>;
  /** Send a message; resolves when the system has taken it. */
  send(...parts: readonly Uint8Array[]): Promise<void>;
  /** End the connection at once. */
  close(): void;
}

/** How signs of life are asked for. */
export interface SocketTimes {
  /** Time between two pings while something is waited for, in milliseconds. */
  pingMs: number;
  /** Time without any sign of life after which the connection counts as dead, in milliseconds. */
  silenceMs: number;
}

/** Speak WebSocket on a connection whose handshake is done. */
export function socketOn(
  wire: Wire,
  { protocol, reader, early }: Extract<HandshakeAnswer, { agreed: true }>,
  { pingMs, silenceMs }: SocketTimes,
): Socket {
  const writer = wire.writable.getWriter();
  const parse = frameParser();
  const ready: Frame[] = parse(early);
  let open = true;
  let silent = false;
  // What a slow reader leaves lying is no silence, so only the time of waiting counts.
  let waitingSince: number | undefined;

  const send = (opcode: number, ...parts: readonly Uint8Array[]) =>
    writer.write(encodeFrame(opcode, parts));
  const pings = setInterval(() => {
    if (waitingSince === undefined) return;
    silent = performance.now() - waitingSince >= silenceMs;
    if (silent) return close();
    // A connection that is broken is told of by the read that waits.
    send(opcodes.ping).catch(() => {});
  }, pingMs);

  function close(): void {
    if (!open) return;
    open = false;
    clearInterval(pings);
    reader.closed.catch(() => {});
    writer.closed.catch(() => {});
    try {
      wire.close();
    } catch (error) {
      // A connection that broke may have closed itself.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async function read(): Promise<boolean> {
    waitingSince = performance.now();
    try {
      const { value, done } = await reader.read();
      if (value !== undefined) ready.push(...parse(value));
      return !done;
    } catch (error) {
      throw silent
        ? new SlipwayError(`there was no sign of life for ${formatDuration(silenceMs)}`)
        : error;
    } finally {
      waitingSince = undefined;
    }
  }

  return {
    protocol,
    async next() {
      for (;;) {
        const frame = ready.shift();
        if (frame === undefined) {
          if (!await read()) return undefined;
        } else if (frame.opcode === opcodes.ping) {
          send(opcodes.pong, frame.payload).catch(() => {});
        } else if (frame.opcode === opcodes.close) {
          return undefined;
        } else if (frame.opcode !== opcodes.pong) {
          return frame;
        }
      }
    },
    send: (...parts) => send(opcodes.binary, ...parts),
    close,
  };
}
