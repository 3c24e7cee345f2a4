import type { CompleteVaultConfiguration } from "../../platform/vault_configuration.ts";

/** Says of what nobody declared where it comes from. */
export type Because = (key: string) => { because?: string };

/** Says it of what a configuration holds. */
export function becauseOf({ because }: Pick<CompleteVaultConfiguration, "because">): Because {
  return (key) => because[key] === undefined ? {} : { because: `follows from ${because[key]}` };
}
