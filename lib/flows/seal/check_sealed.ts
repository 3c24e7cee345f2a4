import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import type { ItemState } from "../../seal/check_item.ts";
import { checkObject, type ItemReport, type SealFinding } from "../../seal/check_object.ts";
import { readTreeFile } from "../../seal/tree.ts";
import { elapsedMs } from "../../core/steps.ts";
import { checkPlatformFile, isPlatform } from "./check_platform.ts";
import { readDigestKeyFile } from "./digest_key.ts";
import { certificatesOf } from "./known.ts";
import { readTree } from "./tree.ts";

/** What is looked at, and what it is compared with. */
export interface CheckSealedRequest {
  /** Files and folders, as typed. */
  paths: readonly string[];
  /** Files with the cluster's certificates, as typed; the newest of them is the current one. */
  cert?: readonly string[];
  /** File with the key of digests, as typed. */
  digestKey?: string;
  /** Files with age identities that open the key of digests. */
  identity?: readonly string[];
  /** Take what is unknown, and files that cannot be read, for findings too. @default false */
  strict?: boolean;
}

/**
 * Look for what is wrong with Secrets and SealedSecrets of a repository; no cluster is asked and no key needed.
 * The exit code is 5 when there is a finding. The summary counts files, items by what is known of them, and findings.
 *
 * @throws {UsageError} when a path, a certificate or the digest key cannot be read
 */
export async function checkSealed(
  request: CheckSealedRequest,
  context: Context,
): Promise<ExitCode> {
  const { paths, cert = [], digestKey: keyFile, identity = [], strict = false } = request;
  const startedAt = context.now();
  const named = await certificatesOf(cert, context);
  const digestKey = keyFile === undefined
    ? undefined
    : await readDigestKeyFile(keyFile, context, identity);
  const options = digestKey === undefined ? {} : { digestKey };
  const { files, looked } = await readTree(paths, context);

  const findings: SealFinding[] = [];
  const items: ItemReport[] = [];
  let unread = 0;
  for (const file of files) {
    context.signal.throwIfAborted();
    const content = readTreeFile(file.text, file.name);
    if (content.broken !== undefined) {
      unread++;
      context.emit({
        type: "note",
        level: "warning",
        message: `${file.name} was not looked at: ${content.broken}`,
        remedy: "render it first, and check what comes out",
      });
      continue;
    }
    const reports = isPlatform(content)
      ? [await checkPlatformFile(file, named, { ...options, cwd: context.cwd })]
      : await Promise.all(
        content.objects.map((object) => checkObject(object, { known: named, ...options })),
      );
    for (const report of reports) {
      findings.push(...report.findings);
      items.push(...report.items);
    }
  }
  findings.push(...repeated(items));
  tell(findings, items, context);
  const count = (state: ItemState) => items.filter((item) => item.state === state).length;
  const unknown = count("unknown");
  context.emit({
    type: "summary",
    findings: findings.length,
    files: files.length,
    looked,
    unread,
    items: items.length,
    current: count("current"),
    stale: count("stale"),
    foreign: count("foreign"),
    recorded: count("recorded"),
    unknown,
    wrong: count("wrong"),
    durationMs: elapsedMs(startedAt, context),
  });
  const failed = findings.length > 0 || strict && (unknown > 0 || unread > 0);
  return failed ? ExitCode.differences : ExitCode.done;
}

/** A ciphertext opens under one label: where it stands under two, it was copied. */
function repeated(items: readonly ItemReport[]): SealFinding[] {
  return [...Map.groupBy(items, ({ sealed }) => sealed).values()].flatMap((same) => {
    const labels = [...new Set(same.map(({ label }) => label))];
    const [first, ...others] = same;
    if (labels.length < 2 || first === undefined) return [];
    const other = others.find(({ label }) => label !== first.label)!;
    return [{
      place: other.place,
      subject: other.subject,
      key: other.key,
      rule: "scope" as const,
      because:
        `its ciphertext is that of ${first.subject} in ${first.place}: one of them opens at most`,
      remedy: "seal the value for each name, or once with a scope that both are in",
    }];
  });
}

function tell(
  findings: readonly SealFinding[],
  items: readonly ItemReport[],
  { emit }: Pick<Context, "emit">,
): void {
  const alike = (report: { place: string; subject: string; because: string }) =>
    [report.place, report.subject, report.because].join("\n");
  for (const same of Map.groupBy(findings, alike).values()) {
    const { place, subject, rule, because, remedy } = same[0]!;
    emit({
      type: "note",
      level: "warning",
      message: `${place}: ${subject}${keysOf(same)}: ${because} (${rule})`,
      remedy,
    });
  }
  const unknown = items.filter(({ state }) => state === "unknown");
  if (unknown.length === 0) return;
  emit({
    type: "table",
    title: "Items of which it is unknown whether they open, and with which key",
    columns: ["File", "Object", "Keys", "Because"],
    rows: [...Map.groupBy(unknown, alike).values()].map((same) => {
      const { place, subject, because } = same[0]!;
      return [place, subject, same.map(({ key }) => key).join(", "), because];
    }),
  });
}

function keysOf(findings: readonly SealFinding[]): string {
  const keys = findings.flatMap(({ key }) => key ?? []);
  return keys.length === 0 ? "" : `, ${keys.length === 1 ? "key" : "keys"} ${keys.join(", ")}`;
}
