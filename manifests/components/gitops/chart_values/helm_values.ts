/** Values for Helm, as a chart's values.yaml has them. */
export type HelmValues = Record<string, unknown>;
