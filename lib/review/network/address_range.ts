/** Addresses of one family from the first to the last, both included. */
export interface AddressRange {
  /** Version of the Internet Protocol. */
  family: 4 | 6;
  /** First address, as a number. */
  first: bigint;
  /** Last address, as a number. */
  last: bigint;
}

/** How much of some addresses is meant. */
export type Extent = "none" | "some" | "all";

/**
 * The range of a CIDR block such as `10.0.0.0/8` or `fd00::/8`. Bits behind the prefix do not matter.
 *
 * @throws {RangeError} when the text is no CIDR block
 */
export function rangeOf(cidr: string): AddressRange {
  const [address = "", length = ""] = cidr.split("/");
  const family = address.includes(":") ? 6 : 4;
  const bits = family === 4 ? 32 : 128;
  const prefix = Number(length);
  if (!/^\d{1,3}$/.test(length) || prefix > bits) throw notCidr(cidr);
  const value = family === 4 ? ipv4(address, cidr) : ipv6(address, cidr);
  const size = 1n << BigInt(bits - prefix);
  const first = value - value % size;
  return { family, first, last: first + size - 1n };
}

/** What is left of a block when others are taken out of it. */
export function rangesOf(cidr: string, except: readonly string[] = []): AddressRange[] {
  return withoutRanges([rangeOf(cidr)], except.map(rangeOf));
}

/** How much of `wanted` lies within `given`: `all` where the given ones cover it together. */
export function extentWithin(
  wanted: readonly AddressRange[],
  given: readonly AddressRange[],
): Extent {
  if (wanted.length === 0) return "none";
  if (withoutRanges(wanted, given).length === 0) return "all";
  return wanted.some((range) => given.some((other) => overlap(range, other))) ? "some" : "none";
}

/** What is left of some ranges when others are taken out of them. */
export function withoutRanges(
  ranges: readonly AddressRange[],
  holes: readonly AddressRange[],
): AddressRange[] {
  return holes.reduce<AddressRange[]>(without, [...ranges]);
}

/** Number of addresses in some ranges, those counted twice that are in two of them. */
export function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

function without(ranges: readonly AddressRange[], hole: AddressRange): AddressRange[] {
  return ranges.flatMap((range) => {
    if (!overlap(range, hole)) return [range];
    return [
      { ...range, last: hole.first - 1n },
      { ...range, first: hole.last + 1n },
    ].filter(({ first, last }) => first <= last);
  });
}

function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

function ipv4(address: string, cidr: string): bigint {
  const parts = address.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    throw notCidr(cidr);
  }
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** Source: RFC 4291, section 2.2, without the form that ends in an IPv4 address. */
function ipv6(address: string, cidr: string): bigint {
  const halves = address.split("::");
  const [head = [], tail = []] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - head.length - tail.length;
  const isWhole = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 1;
  const parts = [...head, ...Array<string>(Math.max(missing, 0)).fill("0"), ...tail];
  if (!isWhole || !parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) throw notCidr(cidr);
  return parts.reduce((value, part) => value * 65536n + BigInt(`0x${part}`), 0n);
}

function notCidr(cidr: string): RangeError {
  return new RangeError(`Cannot read "${cidr}", wanted a CIDR block such as 10.0.0.0/8`);
}
