import type { Release } from "./program.ts";

/**
 * The SHA-256 of a release, in lower-case hexadecimal, from what was published beside it, or
 * undefined when it is not in there. `bare` is the sum alone, `list` is what sha256sum prints,
 * `github` is the answer of GitHub's REST API for a release.
 */
export function findChecksum(text: string, release: Release): string | undefined {
  const file = release.url.slice(release.url.lastIndexOf("/") + 1);
  const sum = {
    bare: () => text.trim().split(/\s/)[0],
    list: () =>
      text.split("\n").map((line) => line.trim().split(/\s+\*?/)).find(([, name]) => name === file)
        ?.[0],
    github: () => githubDigest(text, file),
  }[release.checksumForm]();
  return sum !== undefined && /^[0-9a-f]{64}$/i.test(sum) ? sum.toLowerCase() : undefined;
}

function githubDigest(text: string, file: string): string | undefined {
  try {
    const { assets } = JSON.parse(text) as { assets?: { name?: string; digest?: string }[] };
    const digest = assets?.find((asset) => asset.name === file)?.digest;
    return digest?.startsWith("sha256:") ? digest.slice("sha256:".length) : undefined;
  } catch {
    return undefined;
  }
}
