import type { KubeObject } from "../../core/object.ts";
import { conditionOf, wordsOf } from "./fields.ts";
import { failed, failing, ready, type Verdict, waiting } from "./verdict.ts";

/** A CustomResourceDefinition is ready when it is Established. Source: k8s.io/apiextensions-apiserver, v1 CustomResourceDefinitionConditionType. */
export function definitionReady(definition: KubeObject): Verdict {
  const names = conditionOf(definition, "NamesAccepted");
  if (names?.status === "False") return failed(`its names are taken: ${wordsOf(names)}`);
  const established = conditionOf(definition, "Established");
  return established?.status === "True"
    ? ready("Established")
    : waiting(established === undefined ? "not Established yet" : wordsOf(established));
}

/** An APIService is ready when it is Available. Source: k8s.io/kube-aggregator, v1 APIServiceConditionType. */
export function apiServiceReady(apiService: KubeObject): Verdict {
  const available = conditionOf(apiService, "Available");
  if (available?.status === "True") return ready("Available");
  if (available?.status === "False") return failing(`is not Available: ${wordsOf(available)}`);
  return waiting("not Available yet");
}
