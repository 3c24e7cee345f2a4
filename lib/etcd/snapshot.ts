import { createHash } from "node:crypto";
import { SlipwayError } from "../core/errors.ts";
import { joinBytes } from "../core/bytes.ts";
import type { ByteStream } from "../core/program.ts";
import { reshaped } from "../core/reshape.ts";
import { unlessSilent } from "../core/silence.ts";
import type { EtcdClient } from "./client.ts";

/** A snapshot while it comes. */
export interface EtcdSnapshot {
  /** The file that `etcdutl snapshot restore` takes. It fails where it is cut off, or is not what etcd sent. */
  stream: ByteStream;
  /** SHA-256 of the database, as etcd gives it; known when the stream has ended. */
  sha256(): string;
}

/** Length of the SHA-256 that ends a snapshot, in bytes. */
const sumBytes = 32;

/**
 * Take a snapshot of all that etcd holds. Its last 32 bytes are the SHA-256 of those before them, and are compared while
 * they pass. Source: etcd, api/etcdserverpb/rpc.proto, Maintenance.Snapshot; the gateway sends a JSON object a line.
 *
 * @param options `silentMs`: how long nothing may come of it, in milliseconds; 60 s when absent
 */
export async function etcdSnapshot(
  client: EtcdClient,
  { signal, silentMs = 60_000 }: { signal: AbortSignal; silentMs?: number },
): Promise<EtcdSnapshot> {
  const answer = await client.call("maintenance/snapshot", {}, { signal });
  const hash = createHash("sha256");
  let held = new Uint8Array();
  let sum = "";
  const blobs = blobsOf(unlessSilent(answer.body!, silentMs, () => {
    const seconds = silentMs / 1_000;
    return new SlipwayError(`Cannot take a snapshot of etcd: nothing came for ${seconds} s`, {
      remedy: "see whether etcd and its disk are well, and try again",
      retryable: true,
    });
  }));
  const stream = reshaped(blobs, {
    chunk(bytes) {
      const all = joinBytes([held, bytes]);
      const at = Math.max(0, all.length - sumBytes);
      held = all.slice(at);
      const passed = all.subarray(0, at);
      hash.update(passed);
      return passed;
    },
    end() {
      sum = hash.digest("hex");
      if (held.toHex() === sum) return held;
      throw damaged(`its SHA-256 is ${sum}, and it ends with ${held.toHex()}`);
    },
  });
  return { stream, sha256: () => sum };
}

/** The bytes in an answer of lines such as `{"result":{"blob":"…"}}`. */
function blobsOf(body: ByteStream): ByteStream {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  const blobOf = (line: string) => {
    if (line.trim() === "") return new Uint8Array();
    const { result, error } = answerOf(line);
    if (error === undefined) return Uint8Array.fromBase64(result?.blob ?? "");
    throw new SlipwayError(`Cannot take a snapshot of etcd: ${error.message ?? "it gave up"}`, {
      retryable: true,
    });
  };
  return reshaped(body, {
    chunk(bytes) {
      const [rest, ...lines] = decoder.decode(bytes, { stream: true }).split("\n");
      pieces.push(rest!);
      const blobs: Uint8Array[] = [];
      for (const next of lines) {
        blobs.push(blobOf(pieces.join("")));
        pieces = [next];
      }
      return joinBytes(blobs);
    },
    // A line that was cut off is no JSON.
    end: () => blobOf(pieces.join("")),
  });
}

function answerOf(line: string): { result?: { blob?: string }; error?: { message?: string } } {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged("a line of it is no JSON");
  }
}

function damaged(because: string): SlipwayError {
  return new SlipwayError(`Refused a snapshot of etcd: it was cut off or changed: ${because}`, {
    remedy: "try again; if it stays, see the log of etcd",
    retryable: true,
  });
}
