import assert from "node:assert/strict";
import { ChecksumMismatch } from "../../../lib/core/checksum.ts";
import { download, type DownloadTimes, NotToBeHad } from "../../../lib/local/programs/download.ts";
import { DiskFull } from "../../../lib/local/files.ts";
import type { Release } from "../../../lib/local/programs/program.ts";
import { filesBelow, inScratch, mayMount, onSmallDisk, sha256 } from "../scratch.ts";
import { tarGz } from "../tar.ts";
import { startCutOff, startSilent, startUpstream } from "../upstream.ts";

const program = crypto.getRandomValues(new Uint8Array(50_000));

function releaseAt(base: string, over: Partial<Release> = {}): Release {
  return {
    url: `${base}/hello`,
    checksumUrl: `${base}/hello.sha256`,
    checksumForm: "bare",
    ...over,
  };
}

function fetchInto(
  folder: string,
  release: Release,
  times?: DownloadTimes,
  signal: AbortSignal = new AbortController().signal,
) {
  const progress: number[] = [];
  const path = download(release, {
    folder,
    times,
    signal,
    progress: (bytes) => progress.push(bytes),
  });
  return { path, progress };
}

Deno.test("a file with the published checksum is kept, and tells how far it has come", () =>
  inScratch(async (folder) => {
    await using upstream = startUpstream();
    upstream.answers.set("/hello", () => new Response(program));
    const sum = await sha256(program);
    upstream.answers.set("/hello.sha256", () => new Response(`${sum}\n`));
    const { path, progress } = fetchInto(folder, releaseAt(upstream.url));
    assert.deepEqual(await Deno.readFile(await path), program);
    assert.equal(progress.at(-1), program.length);
  }));

Deno.test("a program comes out of a verified archive", () =>
  inScratch(async (folder) => {
    await using upstream = startUpstream();
    const archive = await tarGz([{ name: "linux/hello", bytes: program }]);
    const sum = await sha256(archive);
    upstream.answers.set("/hello.tar.gz", () => new Response(archive));
    upstream.answers.set("/sums", () => new Response(`${sum}  hello.tar.gz\n`));
    const { path } = fetchInto(folder, {
      url: `${upstream.url}/hello.tar.gz`,
      member: "linux/hello",
      checksumUrl: `${upstream.url}/sums`,
      checksumForm: "list",
    });
    assert.deepEqual(await Deno.readFile(await path), program);
  }));

Deno.test("a wrong checksum is refused with both sums shown, and the file is not kept", () =>
  inScratch(async (folder) => {
    await using upstream = startUpstream();
    const published = "0".repeat(64);
    upstream.answers.set("/hello", () => new Response(program));
    upstream.answers.set("/hello.sha256", () => new Response(published));
    const found = await sha256(program);
    await assert.rejects(
      fetchInto(folder, releaseAt(upstream.url)).path,
      (error) =>
        error instanceof ChecksumMismatch && error.message.includes(found) &&
        error.message.includes(published),
    );
    assert.deepEqual(await filesBelow(folder), []);
  }));

Deno.test("without a published checksum the file is not even fetched", () =>
  inScratch(async (folder) => {
    await using upstream = startUpstream();
    upstream.answers.set("/hello", () => new Response(program));
    upstream.answers.set("/hello.sha256", () => new Response("<html>"));
    await assert.rejects(fetchInto(folder, releaseAt(upstream.url)).path, NotToBeHad);
    assert.deepEqual(upstream.asked, ["/hello.sha256"]);
  }));

Deno.test("a file that upstream does not have is told with its URL and status", () =>
  inScratch(async (folder) => {
    await using upstream = startUpstream();
    await assert.rejects(
      fetchInto(folder, releaseAt(upstream.url)).path,
      (error) =>
        error instanceof NotToBeHad && error.unreachableHost === undefined &&
        error.message === `${upstream.url}/hello.sha256 answers HTTP 404`,
    );
  }));

Deno.test("a body that is cut off is not a program", () =>
  inScratch(async (folder) => {
    await using upstream = startUpstream();
    using cutOff = startCutOff(1_000, 50_000);
    upstream.answers.set("/hello.sha256", () => new Response("0".repeat(64)));
    const release = releaseAt(upstream.url, { url: `${cutOff.url}/hello` });
    await assert.rejects(fetchInto(folder, release).path, NotToBeHad);
  }));

Deno.test("a server that nobody runs is named as unreachable", () =>
  inScratch(async (folder) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const host = `127.0.0.1:${listener.addr.port}`;
    listener.close();
    await assert.rejects(
      fetchInto(folder, releaseAt(`http://${host}`)).path,
      (error) => error instanceof NotToBeHad && error.unreachableHost === host,
    );
  }));

Deno.test("a server that says nothing is given up after the time for connecting", () =>
  inScratch(async (folder) => {
    using silent = startSilent();
    await assert.rejects(
      fetchInto(folder, releaseAt(silent.url), { connectMs: 50 }).path,
      (error) =>
        error instanceof NotToBeHad && error.unreachableHost !== undefined &&
        /nothing came for 0\.05 s/.test(error.message),
    );
  }));

Deno.test("a download ends when it is interrupted", () =>
  inScratch(async (folder) => {
    await using upstream = startUpstream();
    const ending = new AbortController();
    upstream.answers.set("/hello.sha256", () => new Response("0".repeat(64)));
    upstream.answers.set("/hello", () => {
      ending.abort(new Error("stop"));
      return new Response(program);
    });
    await assert.rejects(
      fetchInto(folder, releaseAt(upstream.url), undefined, ending.signal).path,
      /stop/,
    );
  }));

Deno.test({
  name: "a full disk is told with the file, and with what to do about it",
  ignore: !mayMount,
  fn: () =>
    onSmallDisk(16_384, async (folder) => {
      await using upstream = startUpstream();
      upstream.answers.set("/hello", () => new Response(program));
      upstream.answers.set("/hello.sha256", () => new Response("0".repeat(64)));
      await assert.rejects(
        fetchInto(folder, releaseAt(upstream.url)).path,
        (error) =>
          error instanceof DiskFull && error.message.includes(folder) &&
          error.remedy!.includes("XDG_CACHE_HOME"),
      );
    }),
});
