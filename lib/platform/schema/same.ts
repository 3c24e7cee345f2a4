/** True when two types are the same, down to what is optional. Source: TypeScript, how conditional types are compared. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
  ? true
  : false;
