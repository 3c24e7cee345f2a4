import { type BackupSource, fileName } from "../../backup/names.ts";
import {
  type Verification,
  verificationSuffix,
  writeVerification,
} from "../../backup/verification.ts";
import type { Context } from "../../core/context.ts";
import type { Store } from "../../store/store.ts";
import { warn } from "./warn.ts";

/**
 * Write down beside a backup that it was restored. A store that cannot be written to is told, and makes no restore
 * worse.
 */
export async function keepVerification(
  store: Store,
  source: BackupSource,
  verification: Verification,
  context: Pick<Context, "emit">,
): Promise<void> {
  const { id } = verification;
  const text = new TextEncoder().encode(writeVerification(verification));
  try {
    await store.put(fileName(source, { id, suffix: verificationSuffix }), text);
  } catch (error) {
    warn(`that ${id} was restored cannot be written down`, error, context);
  }
}
