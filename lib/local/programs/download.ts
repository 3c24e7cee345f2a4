import { createHash } from "node:crypto";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { extractMember } from "./archive.ts";
import { extractZipMember } from "./zip.ts";
import { ChecksumMismatch } from "../../core/checksum.ts";
import { findChecksum } from "./checksum.ts";
import { diskFull } from "../files.ts";
import type { Release } from "./program.ts";

/** Times of a download, in milliseconds. */
export interface DownloadTimes {
  /** Until a server begins to answer. @default 10_000 */
  connectMs?: number;
  /** Between two pieces of what it sends. @default 30_000 */
  idleMs?: number;
}

/** What a download needs. */
export interface DownloadOptions {
  /** Folder that is this run's own; archives and unfinished files stay in it. */
  folder: string;
  /** Ends the download. */
  signal: AbortSignal;
  /** Told of each piece that came. */
  progress: (bytes: number, totalBytes: number | undefined) => void;
  /** How patient it is. */
  times?: DownloadTimes;
}

/** A source did not give what was asked for; another one may. */
export class NotToBeHad extends SlipwayError {
  /** The host that could not be reached at all, where that was the cause. */
  readonly unreachableHost: string | undefined;

  /** Make the error from what was found, and the host when it did not answer. */
  constructor(message: string, details: { unreachableHost?: string; cause?: unknown } = {}) {
    super(message, details);
    this.unreachableHost = details.unreachableHost;
  }
}

/**
 * Fetch a release, verify its checksum, and leave the program in `options.folder`.
 *
 * @returns path of the program
 * @throws {NotToBeHad} when the source does not answer, has no such file, or sends half of it
 * @throws {ChecksumMismatch} when the file is not the one whose checksum was published
 */
export async function download(release: Release, options: DownloadOptions): Promise<string> {
  const published = await fetchText(release.checksumUrl, options);
  const wanted = findChecksum(published, release);
  if (wanted === undefined) {
    throw new NotToBeHad(`${release.checksumUrl} has no SHA-256 of ${release.url}`);
  }
  const file = `${options.folder}/download`;
  const found = await fetchFile(release.url, file, options);
  if (found !== wanted) {
    await Deno.remove(file);
    throw new ChecksumMismatch(release.url, { found, wanted });
  }
  if (release.member === undefined) return file;
  const program = `${options.folder}/program`;
  try {
    const extract = release.url.endsWith(".zip") ? extractZipMember : extractMember;
    await extract(file, release.member, program);
  } catch (error) {
    throw diskFull(error, program) ?? error;
  }
  return program;
}

/** The same release below the base URL of a mirror, whose paths are those of upstream under their host's name. */
export function mirrored(release: Release, mirror: string | undefined): Release {
  if (mirror === undefined) return release;
  const base = mirror.replace(/\/+$/, "");
  const move = (url: string) => url.replace(/^https:\/\//, `${base}/`);
  return { ...release, url: move(release.url), checksumUrl: move(release.checksumUrl) };
}

async function fetchText(url: string, options: DownloadOptions): Promise<string> {
  return await request(url, options, (answer) => answer.text());
}

/** @returns the SHA-256 of what came */
async function fetchFile(url: string, path: string, options: DownloadOptions): Promise<string> {
  return await request(url, options, async (answer, alive) => {
    const total = Number(answer.headers.get("content-length")) || undefined;
    const hash = createHash("sha256");
    let bytes = 0;
    using file = await Deno.open(path, { write: true, createNew: true, mode: 0o700 });
    for await (const piece of answer.body ?? []) {
      alive();
      hash.update(piece);
      await writeAll(file, piece, path);
      bytes += piece.length;
      options.progress(bytes, total);
    }
    return hash.digest("hex");
  });
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array, path: string): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  } catch (error) {
    throw diskFull(error, path) ?? error;
  }
}

/** One GET, given up when nothing comes for a while; `alive` says that something came. */
async function request<T>(
  url: string,
  { signal, times }: DownloadOptions,
  use: (answer: Response, alive: () => void) => Promise<T>,
): Promise<T> {
  const patience = new AbortController();
  const { connectMs = 10_000, idleMs = 30_000 } = times ?? {};
  const giveUp = (ms: number) =>
    setTimeout(() => patience.abort(new Error(`nothing came for ${ms / 1000} s`)), ms);
  let timer = giveUp(connectMs);
  const alive = () => {
    clearTimeout(timer);
    timer = giveUp(idleMs);
  };
  let answered = false;
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, patience.signal]) });
    answered = true;
    alive();
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new NotToBeHad(`${url} answers HTTP ${answer.status}`);
    }
    return await use(answer, alive);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof SlipwayError) throw error;
    const why = patience.signal.aborted ? patience.signal.reason : error;
    throw new NotToBeHad(`${url}: ${messageOf(why)}`, {
      cause: error,
      unreachableHost: answered ? undefined : new URL(url).host,
    });
  } finally {
    clearTimeout(timer);
  }
}
