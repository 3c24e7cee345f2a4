import { messageOf, type SlipwayError } from "../../core/errors.ts";
import type { ByteStream, RunningProgram } from "../../core/program.ts";
import type { Redactor } from "../../core/redact.ts";
import type { Status } from "../../core/status_error.ts";
import { opcodes } from "./frames.ts";
import { failureFrom, lostFrom, type RanProgram } from "./outcome.ts";
import type { Socket } from "./socket.ts";

/**
 * Numbers of the streams in one connection: the first byte of each message.
 * Source: k8s.io/apimachinery, pkg/util/remotecommand.
 */
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** Most of a message to standard input, in bytes; API servers take 32 KiB well. */
const pieceBytes = 32 * 1024;
/** How much is read before anybody asks, so that a program that says little ends though nobody listens. */
const readAheadBytes = 256 * 1024;
/** How much of standard error is kept, in characters. */
const stderrCharacters = 8_192;

/** What is attended to. */
export interface Attended {
  /** The connection. */
  socket: Socket;
  /** What the program reads. */
  stdin: ByteStream | undefined;
  /** Hides secrets in what the program says. */
  redactor: Redactor;
  /** The program, as messages name it. */
  ran: Omit<RanProgram, "stderr">;
  /** Closes the connection when it is aborted. */
  signal: AbortSignal;
}

/** Attend to a program that runs at the other end of a connection, until the connection ends. */
export function attend({ socket, stdin, redactor, ran, signal }: Attended): RunningProgram {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  // Whoever reads only the output learns of the failure there.
  done.catch(() => {});
  const words = new TextDecoder();
  let tail = "";
  let verdict: { failure: SlipwayError | undefined } | undefined;
  let givenUp: { reason: unknown } | undefined;
  let channel = -1;
  const stderr = () => redactor.redact(tail);
  const ranSoFar = (): RanProgram => ({ ...ran, stderr: stderr() });

  const giveUp = (reason: unknown) => {
    givenUp ??= { reason };
    socket.close();
  };
  const onAbort = () => giveUp(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();

  const input = stdin === undefined ? undefined : feed(stdin, socket, giveUp);

  function finish(failure: unknown): void {
    signal.removeEventListener("abort", onAbort);
    input?.stop(failure ?? new DOMException("The program has ended", "AbortError"));
    socket.close();
    failure === undefined ? resolve() : reject(failure);
  }

  /** The next piece of the output; undefined at its end. */
  async function nextOutput(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (;;) {
      const frame = verdict === undefined ? await socket.next() : undefined;
      if (frame === undefined) {
        if (verdict === undefined) throw new Error("the connection was closed");
        if (verdict.failure !== undefined) throw verdict.failure;
        return undefined;
      }
      let { payload } = frame;
      if (frame.opcode !== opcodes.continuation) {
        channel = payload[0] ?? -1;
        payload = payload.subarray(1);
      }
      if (payload.length === 0) continue;
      if (channel === channels.stdout) return payload;
      if (channel === channels.stderr) {
        tail = (tail + words.decode(payload, { stream: true })).slice(-stderrCharacters);
      } else if (channel === channels.status) {
        const status = JSON.parse(new TextDecoder().decode(payload)) as Status;
        verdict = { failure: failureFrom(status, ranSoFar()) };
      }
    }
  }

  const stdout: ByteStream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const piece = await nextOutput();
        if (piece !== undefined) return controller.enqueue(piece);
        finish(undefined);
        controller.close();
      } catch (error) {
        const failure = givenUp !== undefined
          ? givenUp.reason
          : verdict?.failure ?? lostFrom(error, ranSoFar(), messageOf(error));
        finish(failure);
        controller.error(failure);
      }
    },
    cancel(reason) {
      giveUp(reason);
      finish(reason ?? new DOMException("Nobody reads the program's output", "AbortError"));
    },
  }, { highWaterMark: readAheadBytes, size: (piece) => piece.length });
  return { stdout, done, stderr };
}

/** Send what a program is to read. An input that fails ends the connection, and is never told as its end. */
function feed(
  stdin: ByteStream,
  socket: Socket,
  giveUp: (reason: unknown) => void,
): { stop: (reason: unknown) => void } {
  const reader = stdin.getReader();
  let stopped = false;
  const pump = async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (stopped) return;
      if (done) return await socket.send(new Uint8Array([channels.close, channels.stdin]));
      for (let at = 0; at < value.length; at += pieceBytes) {
        await socket.send(new Uint8Array([channels.stdin]), value.subarray(at, at + pieceBytes));
      }
    }
  };
  pump().catch((error) => stopped || giveUp(error));
  return {
    stop(reason) {
      stopped = true;
      reader.cancel(reason).catch(() => {});
    },
  };
}
