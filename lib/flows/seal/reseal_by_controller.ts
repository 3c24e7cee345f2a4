import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { readCertificates, type SealingCertificate } from "../../seal/certificate.ts";
import { isAbout } from "../../seal/record.ts";
import { recordUnseen, type ResealedItem } from "../../seal/reseal.ts";
import { rotatedItems, rotationRequest } from "../../seal/rotation.ts";
import type { Controller } from "./controller.ts";
import type { SealUnit, UnitItem } from "./units.ts";

/** The certificate that a controller serves, which is of the key that it seals with. */
export async function servedCertificate(controller: Controller): Promise<SealingCertificate> {
  const { status, text } = await controller.ask("GET", "/v1/cert.pem");
  if (status !== 200) {
    throw new SlipwayError(
      `Cannot fetch the certificate of ${controller.source}: it answers ${status}`,
      { remedy: "see its log: it may have no key yet", retryable: true },
    );
  }
  const [certificate] = await readCertificates(text, controller.source);
  return certificate!;
}

/**
 * Have the controller seal the items of a unit again that are not known to have its newest key: nobody but it sees
 * the values. It tells only whether all of a Secret's items could be opened.
 */
export async function resealUnitByController(
  unit: SealUnit,
  { controller, target }: { controller: Controller; target: SealingCertificate },
  { signal }: Pick<Context, "signal">,
): Promise<Map<string, ResealedItem>> {
  signal.throwIfAborted();
  const results = new Map<string, ResealedItem>();
  const old: UnitItem[] = [];
  for (const item of unit.items) {
    const { key, sealed, record } = item;
    const isCurrent = record?.certificate === target.fingerprint && record.label === unit.label &&
      await isAbout(record, sealed);
    if (isCurrent) {
      const because = "was sealed with the newest key, by its record";
      results.set(key, { action: "unchanged", because, sealed, record });
    } else old.push(item);
  }
  if (old.length === 0) return results;
  const body = JSON.stringify(rotationRequest({ ...unit, items: old }));
  const { status, text } = await controller.ask("POST", "/v1/rotate", body);
  const encrypted = status === 200 ? rotatedItems(text, controller.source) : {};
  for (const { key, sealed, record } of old) {
    const next = encrypted[key];
    results.set(
      key,
      next === undefined
        ? {
          action: "shut",
          because: `the controller answers ${status} for the items of this Secret`,
          sealed,
          record,
        }
        : {
          action: "resealed",
          because: record === undefined
            ? "nothing was recorded of its key"
            : `sealed with certificate ${record.certificate.slice(0, 16)}… so far`,
          sealed: next,
          record: await recordUnseen(next, {
            label: unit.label,
            certificate: target.fingerprint,
          }),
        },
    );
  }
  return results;
}
