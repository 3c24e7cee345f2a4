import { isDeepStrictEqual } from "node:util";
import type { Manifest } from "../../lib/core/object.ts";
import type { Platform } from "../../lib/platform/types.ts";

/** Where the answer to a row of a document stands. Exactly one of `of`, `platform`, `file`, `absent` and `because`. */
export interface Answer {
  /** Environment; the first of the table when absent. */
  env?: string;
  /** A rendered object, as `Kind/namespace/name`, or `Kind/name` for one without a namespace. */
  of?: string;
  /** Way into the object, such as `spec.template.spec.containers[name=web].resources`. */
  at?: string;
  /** Way into the platform file, environment merged in. */
  platform?: string;
  /** A rendered file for a host, such as haproxy/edge.cfg. */
  file?: string;
  /** A rendered object that must not be there. */
  absent?: string;
  /** The value that must be found. */
  is?: unknown;
  /** What the found list or text must contain, at least. */
  has?: unknown;
  /** Why something is deliberately different, or no object's business. */
  because?: string;
  /** Figures of the document that this answers though they are written otherwise. */
  figures?: (string | number)[];
}

/** One environment, rendered. */
export interface Rendered {
  /** What the file says. */
  platform: Platform;
  /** Its objects, by `Kind/namespace/name`. */
  objects: ReadonlyMap<string, Manifest>;
  /** Its files for hosts, by path. */
  files: Readonly<Record<string, string>>;
}

/** Objects by `Kind/namespace/name`, as answers name them. */
export function byName(manifests: readonly Manifest[]): Map<string, Manifest> {
  return new Map(manifests.map((manifest) => {
    const { kind, metadata: { namespace, name } } = manifest;
    return [[kind, namespace, name].filter((part) => part !== undefined).join("/"), manifest];
  }));
}

/** What is wrong with an answer; undefined when what it says is what is rendered. */
export function wrongness(answer: Answer, rendered: Rendered): string | undefined {
  const { of, absent, platform, file, because } = answer;
  const kinds = [of, absent, platform, file, because].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) return "wants exactly one of of, absent, platform, file and because";
  if (because !== undefined) return because.length < 10 ? "gives no real reason" : undefined;
  if (absent !== undefined) {
    return rendered.objects.has(absent) ? `${absent} is rendered` : undefined;
  }
  if (file !== undefined) return compared(file, rendered.files[file], answer);
  if (platform !== undefined) {
    return compared(platform, valueAt(rendered.platform, platform), answer);
  }
  const object = rendered.objects.get(of!);
  if (object === undefined) return `${of} is not rendered`;
  return answer.at === undefined
    ? undefined
    : compared(`${of} ${answer.at}`, valueAt(object, answer.at), answer);
}

function compared(where: string, found: unknown, { is, has }: Answer): string | undefined {
  if (found === undefined) return `${where} is not there`;
  if (is !== undefined && !isDeepStrictEqual(found, is)) {
    return `${where} is ${JSON.stringify(found)}, wanted ${JSON.stringify(is)}`;
  }
  if (has !== undefined && !contains(found, has)) {
    return `${where} is ${JSON.stringify(found)}, wanted it to have ${JSON.stringify(has)}`;
  }
  return undefined;
}

/** Text contains text; a list contains each wanted element; a map contains each wanted key with its value. */
function contains(found: unknown, wanted: unknown): boolean {
  if (typeof found === "string") return found.includes(String(wanted));
  if (Array.isArray(found)) {
    const all = Array.isArray(wanted) ? wanted : [wanted];
    return all.every((one) => found.some((other) => isDeepStrictEqual(one, other)));
  }
  if (typeof found !== "object" || found === null || typeof wanted !== "object") return false;
  return Object.entries(wanted ?? {}).every(([key, value]) =>
    isDeepStrictEqual((found as Record<string, unknown>)[key], value)
  );
}

/**
 * The value at a way such as `spec.rules[0].host`, `containers[name=web]` (an element by a field), or
 * `data["app.yaml"]`; undefined when it leads nowhere.
 */
export function valueAt(value: unknown, way: string): unknown {
  const steps = way.matchAll(/\["([^"]+)"\]|\[(\w+)=([^\]]+)\]|\[(\d+)\]|([^.[\]]+)/g);
  let found = value;
  for (const [, quoted, field, wanted, index, key] of steps) {
    if (found === null || typeof found !== "object") return undefined;
    if (field !== undefined) {
      found = (found as unknown[]).find?.((one) =>
        String((one as Record<string, unknown>)[field]) === wanted
      );
    } else {
      const step = quoted ?? index ?? key!;
      found = Object.hasOwn(found, step) ? (found as Record<string, unknown>)[step] : undefined;
    }
  }
  return found;
}
