import type { KubeObject } from "../../core/object.ts";
import { type Condition, conditionOf, conditionsOf, listAt, textAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A GatewayClass is ready when its controller has accepted it.
 * Source: Gateway API, apis/v1 GatewayClassConditionType.
 */
export function gatewayClassReady(gatewayClass: KubeObject): Verdict {
  return allTrue(gatewayClass, gatewayClass, ["Accepted"]);
}

/**
 * A Gateway or a ListenerSet is ready when it is accepted and its listeners have reached the data plane; one bad
 * listener is told by name. Source: Gateway API, apis/v1 GatewayConditionType and ListenerSetConditionType.
 */
export function gatewayReady(gateway: KubeObject): Verdict {
  for (const listener of listAt(gateway, "status", "listeners")) {
    const name = textAt(listener, "name") ?? "";
    // Conditions of a listener stand beside its name, not in a status of its own.
    for (const condition of conditionsOf({ status: listener })) {
      const { type, status } = condition;
      if (status !== badStatus[type] || isOutdated(condition, gateway)) continue;
      return failing(`listener ${name}: ${type} is ${status}: ${wordsOf(condition)}`);
    }
  }
  return allTrue(gateway, gateway, ["Accepted", "Programmed"]);
}

/** What a listener's condition is when something is wrong. Source: Gateway API, apis/v1 ListenerConditionType. */
const badStatus: Readonly<Record<string, string>> = {
  Accepted: "False",
  ResolvedRefs: "False",
  Conflicted: "True",
};

/**
 * A route is ready when each of its parents has accepted it and found its backends.
 * Source: Gateway API, apis/v1 RouteConditionType.
 */
export function routeReady(route: KubeObject): Verdict {
  const answers = listAt(route, "status", "parents");
  const asked = listAt(route, "spec", "parentRefs").map((parent) => textAt(parent, "name") ?? "");
  const silent = asked.filter((name) =>
    !answers.some((answer) => textAt(answer, "parentRef", "name") === name)
  );
  if (silent.length > 0) return waiting(`not seen by ${silent.join(", ")} yet`);
  return everyAnswer(route, answers, "parentRef", ["Accepted", "ResolvedRefs"]);
}

/**
 * A policy of Envoy Gateway is ready when all that it is attached to have accepted it.
 * Source: Gateway API, apis/v1 PolicyStatus.
 */
export function policyReady(policy: KubeObject): Verdict {
  const answers = listAt(policy, "status", "ancestors");
  if (answers.length === 0) return waiting("not seen by its controller yet");
  return everyAnswer(policy, answers, "ancestorRef", ["Accepted"]);
}

function everyAnswer(
  object: KubeObject,
  answers: readonly unknown[],
  refField: string,
  types: readonly string[],
): Verdict {
  for (const answer of answers) {
    const name = textAt(answer, refField, "name") ?? "its parent";
    const verdict = allTrue({ status: answer }, object, types);
    if (verdict.state !== "ready") return { ...verdict, because: `${name}: ${verdict.because}` };
  }
  const names = answers.map((answer) => textAt(answer, refField, "name") ?? "its parent");
  return ready(`accepted by ${[...new Set(names)].join(", ")}`);
}

function allTrue(holder: unknown, object: KubeObject, types: readonly string[]): Verdict {
  for (const type of types) {
    const condition = conditionOf(holder, type);
    if (condition === undefined) return waiting(`not ${type} yet`);
    if (isOutdated(condition, object)) {
      return waiting(`${type} still speaks of generation ${condition.observedGeneration}`);
    }
    // A controller that has just begun says Unknown, or False for want of an answer.
    if (condition.status === "Unknown" || condition.reason === "Pending") {
      return waiting(`not ${type} yet: ${wordsOf(condition)}`);
    }
    if (condition.status !== "True") return failing(`is not ${type}: ${wordsOf(condition)}`);
  }
  return ready(types.at(-1)!);
}

function isOutdated({ observedGeneration }: Condition, { metadata }: KubeObject): boolean {
  const generation = metadata?.generation;
  return typeof generation === "number" && (observedGeneration ?? generation) < generation;
}
