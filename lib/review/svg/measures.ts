/** A point. */
export interface Point {
  /** Distance from the left. */
  x: number;
  /** Distance from the top. */
  y: number;
}

/** Measures, in pixels. */
export const measures = {
  margin: 24,
  heading: 76,
  bandHeading: 30,
  gutter: 96,
  bandPadding: 18,
  boxGap: 16,
  boxHeading: 38,
  row: 18,
  boxPadding: 8,
  character: 7.2,
  footer: 68,
  longestName: 34,
} as const;
