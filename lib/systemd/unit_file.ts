import { SlipwayError } from "../core/errors.ts";

/** A unit of systemd as it stands in its folder. */
export interface UnitFile {
  /** File name, such as `backup.timer`. */
  name: string;
  /** What the file holds. */
  text: string;
}

/** A section of a unit: settings in their order, each with one value or several. */
export type UnitSection = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Section that says whose unit it is. systemd leaves sections alone that begin so. Source: systemd.unit(5). */
export const ownSection = "X-Slipway";

/** A unit, written as systemd reads it. Settings that are undefined are left out; an empty list as well. */
export function unitFile(name: string, sections: Readonly<Record<string, UnitSection>>): UnitFile {
  const text = Object.entries(sections).map(([title, settings]) =>
    [`[${title}]`, ...Object.entries(settings).flatMap(([key, value]) => linesOf(key, value))]
      .join("\n")
  ).join("\n\n");
  return { name, text: `${text}\n` };
}

function linesOf(key: string, value: string | readonly string[] | undefined): string[] {
  if (value === undefined) return [];
  return (typeof value === "string" ? [value] : value).map((each) => {
    if (/[\n\r]/.test(each)) {
      throw new SlipwayError(`Cannot write a unit: its ${key} has a line break: ${each}`);
    }
    return `${key}=${each}`;
  });
}

/** Text in which `%` means itself. Source: systemd.unit(5), "Specifiers". */
export function plainText(text: string): string {
  return text.replaceAll("%", "%%");
}

/**
 * Arguments as `ExecStart=` reads them: each in quotes, with nothing in it that systemd would replace.
 * Source: systemd.service(5), "Command lines".
 */
export function commandLine(argv: readonly string[]): string {
  return argv.map((argument) => quoted(argument).replaceAll("$", "$$$$")).join(" ");
}

/** A value in quotes, as lists such as `Environment=` read it. */
export function quoted(value: string): string {
  return `"${plainText(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Whose unit a file is, as its own section says; undefined for those that somebody else wrote. */
export function ownerOf(text: string): string | undefined {
  const section = text.split(/^(?=\[)/m).find((part) => part.startsWith(`[${ownSection}]\n`));
  return section === undefined ? undefined : /^Owner=(.+)$/m.exec(section)?.[1];
}
