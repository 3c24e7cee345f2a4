import { type BackupSource, fileName } from "../../backup/names.ts";
import {
  type Verification,
  verificationSuffix,
  writeVerification,
} from "../../backup/verification.ts";
import type { Context } from "../../core/context.ts";
import { messageOf } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";

/**
 * Write down beside a backup that it was restored. A store that cannot be written to is told, and makes no restore
 * worse. Returns whether it was written.
 */
export async function keepVerification(
  store: Store,
  source: BackupSource,
  verification: Verification,
  { emit }: Pick<Context, "emit">,
): Promise<boolean> {
  const { id } = verification;
  const text = new TextEncoder().encode(writeVerification(verification));
  try {
    await store.put(fileName(source, { id, suffix: verificationSuffix }), text);
    return true;
  } catch (error) {
    emit({
      type: "note",
      level: "warning",
      message: `that ${id} was restored cannot be written down: ${messageOf(error)}`,
    });
    return false;
  }
}
