/** Name under which an address is looked up backwards. Sources: RFC 1035, section 3.5; RFC 3596, section 2.5. */
export function reverseName(address: string): string {
  return address.includes(":")
    ? `${nibbles(address).toReversed().join(".")}.ip6.arpa`
    : `${address.split(".").toReversed().join(".")}.in-addr.arpa`;
}

/** The 32 hexadecimal digits of an IPv6 address. */
function nibbles(address: string): string[] {
  const [before, after] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const given = [...(before ?? []), ...(after ?? [])];
  const zeros = Array.from({ length: 8 - given.length }, () => "0");
  const groups = after === undefined ? given : [...before!, ...zeros, ...after];
  return groups.flatMap((group) => [...group.toLowerCase().padStart(4, "0")]);
}
