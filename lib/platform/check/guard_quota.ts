import { parseQuantity } from "../../core/units.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Amounts, Namespace, Platform } from "../types.ts";

/** Quotas and limits of namespaces must leave room for something; what is said of a foreign namespace must be ours to say. */
export function checkBounds(platform: Platform): Mistake[] {
  return Object.entries(platform.namespaces).flatMap(([name, namespace]) => {
    const path = ["namespaces", name];
    const { limits, quota } = namespace;
    return [
      ...checkForeign(path, namespace),
      ...ordered([...path, "quota"], [
        ["requests", quota?.requests],
        ["limits", quota?.limits],
      ]),
      ...ordered([...path, "limits"], [
        ["min", limits?.min],
        ["defaultRequest", limits?.defaultRequest],
        ["default", limits?.default],
        ["max", limits?.max],
      ]),
    ];
  });
}

function checkForeign(path: Path, { existing, labels, domain }: Namespace): Mistake[] {
  if (existing !== true) return [];
  return Object.entries({ labels, domain })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => ({
      path: [...path, key],
      message: "somebody else makes this namespace, expected no labels from here",
      atKey: true,
    }));
}

/** Each amount must be at least the ones before it. Source: Kubernetes, "Limit Ranges". */
function ordered(
  path: Path,
  amounts: readonly (readonly [key: string, amounts: Amounts | undefined])[],
): Mistake[] {
  return (["cpu", "memory"] as const).flatMap((resource) => {
    const given = amounts.flatMap(([key, amount]) => {
      const text = amount?.[resource];
      return text === undefined ? [] : [{ key, text, value: parseQuantity(text) }];
    });
    return given.slice(1).flatMap(({ key, text, value }, index) => {
      const least = given[index]!;
      return value >= least.value ? [] : [{
        path: [...path, key, resource],
        message: `${text} is below ${least.key}, expected at least ${least.text}`,
      }];
    });
  });
}
