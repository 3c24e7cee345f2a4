import { join } from "node:path";

/** Where secrets are looked for. */
export interface SearchedPlaces {
  /** Folders, with all files below them. */
  folders: readonly string[];
  /** Texts by what they are, such as what a task printed. */
  texts: Readonly<Record<string, string>>;
}

/**
 * Places in which one of the secrets stands in plain, in base64 or as JSON has it: files, texts, and the command lines
 * and environments of all processes. Names the place and the secret's own name, never its value.
 */
export async function leaksOf(
  secrets: Readonly<Record<string, string>>,
  { folders, texts }: SearchedPlaces,
): Promise<string[]> {
  const patterns = Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).map((form) => ({ name, form: latin1(new TextEncoder().encode(form)) }))
  );
  const found: string[] = [];
  const look = (place: string, content: string) => {
    for (const { name, form } of patterns) {
      if (content.includes(form)) found.push(`${name} in ${place}`);
    }
  };
  for (const [name, text] of Object.entries(texts)) {
    look(name, latin1(new TextEncoder().encode(text)));
  }
  for (const folder of folders) {
    for await (const file of filesIn(folder)) look(file, latin1(await Deno.readFile(file)));
  }
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    for (const file of ["cmdline", "environ"]) {
      const place = `/proc/${name}/${file}`;
      // A process may end while it is looked at.
      look(place, latin1(await Deno.readFile(place).catch(() => new Uint8Array())));
    }
  }
  return [...new Set(found)];
}

function formsOf(secret: string): string[] {
  const base64 = new TextEncoder().encode(secret).toBase64();
  // The end of base64 depends on what follows, and what is inside of a text on where it begins.
  return [
    ...new Set([secret, base64.replace(/.{0,3}=*$/, ""), JSON.stringify(secret).slice(1, -1)]),
  ];
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* filesIn(path);
    else if (isFile) yield path;
  }
}

/** A text whose characters are the bytes, so that any file can be searched as it is. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
