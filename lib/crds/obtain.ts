import { ChecksumMismatch, verifySha256 } from "../core/checksum.ts";
import { messageOf, SlipwayError } from "../core/errors.ts";
import type { Manifest } from "../core/object.ts";
import type { CrdPin } from "./pins.ts";

/** Where definitions may come from. */
export interface CrdSources {
  /** Folder in which definitions are kept; may be deleted at any time. */
  cacheDir: string;
  /** Base URL of a mirror, whose paths are those of upstream under their host's name; `off` leaves upstream out. */
  mirror?: string;
  /** Bytes of a URL. */
  fetchBytes: (url: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Folder of a Go module's source. */
  moduleFolder: (module: string, version: string) => Promise<string>;
}

/** What is kept in the cache: definitions, and the sums of the files that they were read from. */
interface Kept {
  sources: Record<string, string>;
  definitions: Manifest[];
}

/** GitHub's host of plain files. */
const upstreamHost = "raw.githubusercontent.com";

/**
 * The definitions of one release: from the cache, else from the upstream repository or the mirror, else from
 * the Go module; in each case only when the pinned checksums agree.
 *
 * @throws {ChecksumMismatch} when a file is not what is pinned
 * @throws {SlipwayError} when neither source can be reached
 */
export async function obtainDefinitions(pin: CrdPin, sources: CrdSources): Promise<Manifest[]> {
  const file = `${sources.cacheDir}/crds/${pin.name}/${pin.version}.json`;
  const kept = await readKept(file);
  if (kept !== undefined && sameSums(kept.sources, pin.files)) return kept.definitions;
  const texts = await obtainTexts(pin, sources);
  const { parseAllDocuments } = await import("yaml");
  const definitions = texts.flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as Manifest | null)
  ).filter((object) => object?.kind === "CustomResourceDefinition").map((object) => tidy(object!));
  await keep(file, { sources: pin.files, definitions });
  return definitions;
}

/** Generators leave empty fields behind that belong to the server. */
function tidy({ status: _ofTheServer, ...definition }: Manifest): Manifest {
  const { creationTimestamp: _notYet, ...metadata } = definition.metadata;
  return { ...definition, metadata };
}

async function obtainTexts(pin: CrdPin, sources: CrdSources): Promise<string[]> {
  const names = Object.keys(pin.files);
  const { mirror } = sources;
  if (mirror === "off") return await fromModule(pin, names, sources, "SLIPWAY_MIRROR is off");
  const root = mirror === undefined ? "https:/" : mirror.replace(/\/+$/, "");
  const base = `${root}/${upstreamHost}/${pin.repository}/${pin.version}/${pin.folder}`;
  const fromUrl = (name: string) => verified(pin, name, sources.fetchBytes(`${base}/${name}`));
  try {
    // The first alone: when the network is out of reach, one failure is enough.
    const first = await fromUrl(names[0]!);
    return [first, ...await Promise.all(names.slice(1).map(fromUrl))];
  } catch (error) {
    if (error instanceof ChecksumMismatch) throw error;
    return await fromModule(pin, names, sources, messageOf(error));
  }
}

async function fromModule(
  pin: CrdPin,
  names: readonly string[],
  sources: CrdSources,
  whyNotUpstream: string,
): Promise<string[]> {
  let folder: string;
  try {
    folder = await sources.moduleFolder(pin.module, pin.version);
  } catch (error) {
    throw new SlipwayError(
      `Cannot get the definitions of ${pin.name} ${pin.version}: ${whyNotUpstream}; ${
        messageOf(error)
      }`,
      {
        remedy: "make one of both reachable, or name a mirror with SLIPWAY_MIRROR",
        retryable: true,
        cause: error,
      },
    );
  }
  const inModule = pin.moduleRoot === undefined
    ? pin.folder
    : pin.folder.slice(`${pin.moduleRoot}/`.length);
  return await Promise.all(
    names.map((name) => verified(pin, name, Deno.readFile(`${folder}/${inModule}/${name}`))),
  );
}

async function verified(
  pin: CrdPin,
  name: string,
  reading: Promise<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  const bytes = await reading;
  await verifySha256(bytes, pin.files[name]!, `${name} of ${pin.name} ${pin.version}`);
  return new TextDecoder().decode(bytes);
}

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(file)) as Kept;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sameSums(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Keep definitions, whole or not at all. Tasks that may not write files go without. */
async function keep(file: string, kept: Kept): Promise<void> {
  const temporary = `${file}.${crypto.randomUUID()}.new`;
  try {
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(temporary, JSON.stringify(kept));
    await Deno.rename(temporary, file);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    await Deno.remove(temporary).catch(() => {});
    throw new SlipwayError(`Cannot keep definitions in ${file}: ${messageOf(error)}`, {
      remedy: "free some space there, or set XDG_CACHE_HOME to a folder that can be written",
      cause: error,
    });
  }
}
