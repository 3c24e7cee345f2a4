import type { KubeObject } from "../core/object.ts";

/** One field whose value differs. */
export interface FieldChange {
  /** Path as people write it, such as `spec.template.spec.containers[name=web].image`. */
  path: string;
  /** Value before, readable; undefined when the field was not there. */
  before: string | undefined;
  /** Value after, readable; undefined when the field goes. */
  after: string | undefined;
}

const serverFields = new Set([
  "managedFields",
  "resourceVersion",
  "generation",
  "uid",
  "creationTimestamp",
  "selfLink",
]);

const longestValue = 120;
const hidden = "(hidden)";

/**
 * The fields that differ between an object as it is and as it would be.
 * Fields that only the server writes, and `status`, are left out. Of a Secret
 * only the names of its values are told.
 */
export function diffObjects(before: KubeObject, after: KubeObject): FieldChange[] {
  const changes: FieldChange[] = [];
  const hide = before.kind === "Secret" || after.kind === "Secret" ? hidesInSecret : () => false;
  compare(withoutServerFields(before), withoutServerFields(after), "", changes, hide);
  return changes;
}

/** A change as one line: `spec.replicas: 2 -> 3`. */
export function formatFieldChange({ path, before, after }: FieldChange): string {
  if (before === undefined) return `+ ${path}: ${after}`;
  if (after === undefined) return `- ${path}: ${before}`;
  return before === after ? `~ ${path}: changed` : `~ ${path}: ${before} -> ${after}`;
}

function hidesInSecret(path: string): boolean {
  // An annotation such as kubectl's last-applied-configuration may repeat the values.
  return /^(data|stringData)[.[]/.test(path) || path.startsWith("metadata.annotations");
}

function withoutServerFields(object: KubeObject): Record<string, unknown> {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([key]) => !serverFields.has(key));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function compare(
  before: unknown,
  after: unknown,
  path: string,
  changes: FieldChange[],
  hide: (path: string) => boolean,
): void {
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], memberPath(path, key), changes, hide);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, path, changes, hide);
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    const show = (value: unknown) =>
      value === undefined
        ? undefined
        : hide(path) || hidesWithin(path, value, hide)
        ? hidden
        : readable(value);
    changes.push({ path, before: show(before), after: show(after) });
  }
}

function hidesWithin(path: string, value: unknown, hide: (path: string) => boolean): boolean {
  return isRecord(value) && Object.keys(value).some((key) => hide(memberPath(path, key)));
}

/** Lists whose items have a name are compared by name, as Kubernetes merges most of them; others by position. */
function compareLists(
  before: unknown[],
  after: unknown[],
  path: string,
  changes: FieldChange[],
  hide: (path: string) => boolean,
): void {
  const key = ["name", "mountPath", "key", "host", "port"].find((candidate) =>
    isKeyed(before, candidate) && isKeyed(after, candidate)
  );
  if (key === undefined) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compare(before[index], after[index], `${path}[${index}]`, changes, hide);
    }
    return;
  }
  const byKey = (items: unknown[]) =>
    new Map(items.map((item) => [(item as Record<string, unknown>)[key], item]));
  const [old, wanted] = [byKey(before), byKey(after)];
  for (const value of new Set([...old.keys(), ...wanted.keys()])) {
    compare(old.get(value), wanted.get(value), `${path}[${key}=${value}]`, changes, hide);
  }
  const common = (items: unknown[], others: Map<unknown, unknown>) =>
    items.map((item) => (item as Record<string, unknown>)[key]).filter((value) =>
      others.has(value)
    );
  const [oldOrder, newOrder] = [common(before, wanted), common(after, old)];
  if (oldOrder.join("\n") !== newOrder.join("\n")) {
    changes.push({
      path,
      before: `order ${oldOrder.join(", ")}`,
      after: `order ${newOrder.join(", ")}`,
    });
  }
}

function isKeyed(items: unknown[], key: string): boolean {
  const values = items.map((item) => isRecord(item) ? item[key] : undefined);
  return items.length > 0 &&
    values.every((value) => typeof value === "string" || typeof value === "number") &&
    new Set(values).size === values.length;
}

function memberPath(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function readable(value: unknown): string {
  const text = typeof value === "string" && value !== "" && !/[\n"]/.test(value)
    ? value
    : JSON.stringify(value);
  return text.length <= longestValue
    ? text
    : `${text.slice(0, longestValue)}… (${text.length} characters)`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
