import type { Platform } from "./types.ts";

/**
 * Recipients that the platform files of this repository name, whose identities stand in
 * manifests/example-identities.txt for everybody to read.
 */
export const exampleRecipients: readonly string[] = [
  "age15a98mwyh8lxrhlejxc0y05r68tygxktmkej6k0x7jmmgyxandezqzf353h",
  "age1jjg22czmu7hj9ks34nvtg6tvjkjz88zuysphngzwrjv0rlq82exsahtmp9",
  "age1ey73dggv37zq46m2jc372hh2aqnufyunthk5edhlt5vnrm0cuvjq63w42s",
];

/** A holder whose identity everybody can read, and where the platform names him. */
export interface ExampleHolder {
  /** His name. */
  name: string;
  /** Where the platform names him. */
  path: readonly string[];
}

type HoldersAt = [path: string[], holders: Record<string, string> | undefined];

/** Holders of a platform that still are those of the examples. */
export function exampleHolders(
  { vaults, backups, sealing }: Pick<Platform, "vaults" | "backups" | "sealing">,
): ExampleHolder[] {
  const groups: HoldersAt[] = [
    ...Object.entries(vaults).map(([name, { initialize }]): HoldersAt => [
      ["vaults", name, "initialize", "holders"],
      initialize?.holders,
    ]),
    [["backups", "holders"], backups?.holders],
    [["sealing", "keyBackups", "holders"], sealing?.keyBackups?.holders],
  ];
  return groups.flatMap(([path, holders = {}]) =>
    Object.entries(holders).filter(([, recipient]) => exampleRecipients.includes(recipient))
      .map(([name]) => ({ name, path: [...path, name] }))
  );
}
