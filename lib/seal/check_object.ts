import { messageOf } from "../core/errors.ts";
import { placeholderLabel, sealedItemsAnnotation } from "../core/labels.ts";
import { subjectOf } from "../core/object.ts";
import { checkItem, type ItemQuestion, type ItemState } from "./check_item.ts";
import { type Document, isObject } from "./document.ts";
import { parseRecords } from "./record.ts";
import { labelOf, scopeAnnotations, scopeOf } from "./scope.ts";
import { isSealedSecret, type SealedSecret, sealedSecretOf } from "./sealed_secret.ts";

/** Something that is wrong with a Secret or a SealedSecret of a tree. */
export interface SealFinding {
  /** File, and object in it. */
  place: string;
  /** The object, such as `SealedSecret shop/web`. */
  subject: string;
  /** Key of the Secret, where it is about one. */
  key?: string;
  /** Which rule does not hold. */
  rule: "plain-secret" | "layout" | "name" | "scope" | "item" | "stale-key" | "foreign-key";
  /** What was found and what is wanted. No value is in it. */
  because: string;
  /** What to do about it. */
  remedy: string;
}

/** What is known of an item of a tree. */
export interface ItemReport {
  /** File, and object in it. */
  place: string;
  /** The object, such as `SealedSecret shop/web`. */
  subject: string;
  /** Key of the Secret. */
  key: string;
  /** What is known. */
  state: ItemState;
  /** Why. */
  because: string;
  /** The label that it stands under. */
  label: string;
  /** The ciphertext. */
  sealed: string;
}

/** What a look at one object of a tree says. */
export interface ObjectReport {
  /** All that is wrong. */
  findings: SealFinding[];
  /** Its items. */
  items: ItemReport[];
}

/** What items are compared with. */
export type Known = Pick<ItemQuestion, "known" | "digestKey">;

/** Annotation in which kubectl keeps the whole object. Source: kubectl, "apply". */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

const itemRules: { [state in ItemState]?: SealFinding["rule"] } = {
  wrong: "item",
  stale: "stale-key",
  foreign: "foreign-key",
};

/** Look at an object of a tree: only Secrets and SealedSecrets have anything to tell. */
export async function checkObject(object: Document, known: Known): Promise<ObjectReport> {
  const { apiVersion, kind } = object.value;
  if (kind === "Secret" && apiVersion === "v1") return { findings: checkPlain(object), items: [] };
  if (!isSealedSecret(object)) return { findings: [], items: [] };
  try {
    return await checkSealed(sealedSecretOf(object), object.place, known);
  } catch (error) {
    const { metadata } = object.value;
    return {
      findings: [{
        place: object.place,
        subject: subject("SealedSecret", isObject(metadata) ? metadata : {}),
        rule: "layout",
        because: messageOf(error),
        remedy: "seal it again with `deno task seal-secret`",
      }],
      items: [],
    };
  }
}

/** A Secret with values in plain. Those of SOPS are encrypted where they stand. */
function checkPlain({ value, place }: Document): SealFinding[] {
  const { metadata, data, stringData, sops } = value;
  const { labels } = (isObject(metadata) ? metadata : {}) as { labels?: Record<string, string> };
  if (isObject(sops) || labels?.[placeholderLabel] === "true") return [];
  const keys = [data, stringData].flatMap((values) =>
    isObject(values)
      ? Object.keys(values).filter((key) => values[key] !== "" && values[key] !== null)
      : []
  );
  if (keys.length === 0) return [];
  return [{
    place,
    subject: subject("Secret", isObject(metadata) ? metadata : {}),
    rule: "plain-secret",
    because: `it stands here with the ${keys.length === 1 ? "value" : "values"} of ${
      [...new Set(keys)].join(", ")
    } in plain`,
    remedy:
      "seal it with `deno task seal-secret`, take it out of the history of the repository, and change what it held",
  }];
}

async function checkSealed(
  sealed: SealedSecret,
  place: string,
  known: Known,
): Promise<ObjectReport> {
  const { metadata, spec } = sealed;
  const head = { place, subject: subject("SealedSecret", metadata) };
  const findings = [...nameFindings(sealed), ...scopeFindings(sealed)]
    .map((finding) => ({ ...head, ...finding }));
  let label: string;
  try {
    label = labelOf(metadata, scopeOf(metadata.annotations));
  } catch (error) {
    // Which namespace it will be applied to stands nowhere, so nothing can be said of its items but their form.
    findings.push({
      ...head,
      rule: "name",
      because: `${messageOf(error)}: its values open in one namespace only`,
      remedy: "write metadata.namespace as it was sealed",
    });
    return { findings, items: [] };
  }
  const records = parseRecords(metadata.annotations?.[sealedItemsAnnotation]);
  const items: ItemReport[] = [];
  for (const [key, text] of Object.entries(spec.encryptedData)) {
    const report = await reportItem({ ...head, key }, {
      ...known,
      sealed: text,
      label,
      record: records.get(key),
    });
    items.push(report.item);
    findings.push(...report.findings);
  }
  return { findings, items };
}

/** Look at one item, and say what is wrong with it. */
export async function reportItem(
  head: Pick<ItemReport, "place" | "subject" | "key">,
  question: ItemQuestion,
): Promise<{ item: ItemReport; findings: SealFinding[] }> {
  const { state, because, remedy } = await checkItem(question);
  const { label, sealed } = question;
  const rule = itemRules[state];
  return {
    item: { ...head, state, because, label, sealed },
    findings: rule === undefined ? [] : [{ ...head, rule, because, remedy: remedy ?? "" }],
  };
}

type Found = Pick<SealFinding, "rule" | "because" | "remedy">;

/** The controller gives the Secret the name of the SealedSecret, whatever its template says. */
function nameFindings({ metadata, spec }: SealedSecret): Found[] {
  const template = spec.template?.metadata ?? {};
  const findings: Found[] = [];
  for (const field of ["name", "namespace"] as const) {
    const [own, other] = [metadata[field], template[field]];
    if (typeof other !== "string" || other === "" || other === own) continue;
    findings.push({
      rule: "name",
      because: `its template says ${field} ${other}, it is ${own ?? "without one"} itself`,
      remedy: `write the ${field} that it was sealed for in both places`,
    });
  }
  const annotations = template["annotations"];
  if (isObject(annotations) && lastApplied in annotations) {
    findings.push({
      rule: "plain-secret",
      because:
        `its template has the annotation ${lastApplied}, in which kubectl keeps values in plain`,
      remedy: "take the annotation out, and change what it held",
    });
  }
  return findings;
}

/**
 * The SealedSecret's annotations tell how it is opened, the template's how it is sealed again: where they differ, a
 * rotation by the controller makes values that nothing opens.
 */
function scopeFindings({ metadata, spec }: SealedSecret): Found[] {
  const own = metadata.annotations ?? {};
  const template = (spec.template?.metadata?.["annotations"] ?? {}) as Record<string, string>;
  const findings: Found[] = [];
  const [scope, templateScope] = [scopeOf(own), scopeOf(template)];
  if (spec.template !== undefined && spec.template !== null && scope !== templateScope) {
    findings.push({
      rule: "scope",
      because: `it says that its scope is ${scope}, and its template says ${templateScope}`,
      remedy: "write the same annotation in both places: that of the scope it was sealed with",
    });
  }
  const { clusterWide, namespaceWide } = scopeAnnotations;
  if (own[clusterWide] === "true" && own[namespaceWide] === "true") {
    findings.push({
      rule: "scope",
      because: "it says cluster-wide and namespace-wide, of which the first is taken",
      remedy: "leave only the annotation of the scope it was sealed with",
    });
  }
  return findings;
}

function subject(
  kind: string,
  { name, namespace }: { name?: unknown; namespace?: unknown },
): string {
  return subjectOf({
    apiVersion: "",
    kind,
    name: typeof name === "string" ? name : "without a name",
    ...(typeof namespace === "string" ? { namespace } : {}),
  });
}
