/** A rule of a role. Source: k8s.io/api, rbac/v1 PolicyRule. */
export interface PolicyRule {
  /** API groups; the core group is empty. */
  apiGroups: readonly string[];
  /** Resources. */
  resources: readonly string[];
  /** What may be done with them. */
  verbs: readonly string[];
  /** Which objects; all when absent. */
  resourceNames?: readonly string[];
}
