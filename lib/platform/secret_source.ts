import type { SecretStore } from "./types.ts";

/** Names of the sources that a store can read from. */
export const sourceNames = ["vault", "aws", "azure", "gcp"] as const;

/** A store with the one source that it reads from: the one that `use` names, or the only one. */
export function withOneSource(store: SecretStore): SecretStore {
  const { vault, aws, azure, gcp, use, ...rest } = store;
  const sources = { vault, aws, azure, gcp };
  const name = use ?? sourceNames.find((source) => sources[source] !== undefined);
  return name === undefined ? rest : { ...rest, [name]: sources[name] };
}
