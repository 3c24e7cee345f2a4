import type { Context } from "../../core/context.ts";
import { loadEnvironments } from "../../platform/load.ts";
import type { SealingCertificate } from "../../seal/certificate.ts";
import { type ObjectReport, reportItem } from "../../seal/check_object.ts";
import type { DigestKey } from "../../seal/digest.ts";
import { parseRecord } from "../../seal/record.ts";
import { labelOf } from "../../seal/scope.ts";
import type { TreeContent } from "../../seal/tree.ts";
import { knownOf } from "./known.ts";
import type { TreeFile } from "./tree.ts";

/** Whether a file is a platform file with sealed secrets. */
export function isPlatform({ objects }: TreeContent): boolean {
  const value = objects.length === 1 ? objects[0]!.value : {};
  return value["kind"] === undefined && value["environments"] !== undefined &&
    JSON.stringify(value).includes(`"sealedSecrets":`);
}

/**
 * Look at the sealed values of a platform file, in each of its environments.
 *
 * @throws {PlatformInvalid} when it has mistakes
 */
export async function checkPlatformFile(
  { name, path, text }: TreeFile,
  named: readonly SealingCertificate[],
  { digestKey, cwd }: { digestKey?: DigestKey } & Pick<Context, "cwd">,
): Promise<ObjectReport> {
  const report: ObjectReport = { findings: [], items: [] };
  for (const [environment, platform] of loadEnvironments(text, { file: name })) {
    const known = await knownOf(platform.sealing, { file: path, named, cwd });
    for (
      const [secret, { namespace, scope, sealed, sealedWith }] of Object.entries(
        platform.sealedSecrets,
      )
    ) {
      for (const [key, value] of Object.entries(sealed)) {
        const { item, findings } = await reportItem(
          {
            place: `${name} (${environment})`,
            subject: `SealedSecret ${namespace}/${secret}`,
            key,
          },
          {
            sealed: value,
            record: parseRecord(sealedWith?.[key] ?? ""),
            label: labelOf({ namespace, name: secret }, scope),
            known,
            ...(digestKey === undefined ? {} : { digestKey }),
          },
        );
        report.items.push(item);
        report.findings.push(...findings);
      }
    }
  }
  return report;
}
