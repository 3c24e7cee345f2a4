/** Gives each pod an address of its own. */
export interface Addresses {
  /** The address of a pod: the one it has, else the next free one of its node's range. */
  assign(uid: string, range: string): string;
  /** Remember the address that a pod has. */
  keep(uid: string, address: string): void;
  /** The pod has ended: its address is free. */
  release(uid: string): void;
}

/** Addresses of pods on nodes that have no range of their own. Source: k3s's default cluster CIDR. */
export const clusterRange = "10.42.0.0/16";

/** Make an empty register of addresses. Ranges are IPv4 CIDRs. */
export function createAddresses(): Addresses {
  const byPod = new Map<string, string>();
  const used = new Map<string, number>();
  const cursors = new Map<string, number>();
  const keep = (uid: string, address: string) => {
    if (byPod.get(uid) === address) return;
    release(uid);
    byPod.set(uid, address);
    used.set(address, (used.get(address) ?? 0) + 1);
  };
  const release = (uid: string) => {
    const address = byPod.get(uid);
    if (address === undefined) return;
    byPod.delete(uid);
    const left = (used.get(address) ?? 1) - 1;
    if (left === 0) used.delete(address);
    else used.set(address, left);
  };
  return {
    keep,
    release,
    assign(uid, range) {
      const has = byPod.get(uid);
      if (has !== undefined) return has;
      const { first, count } = hostsOf(range);
      let offset = cursors.get(range) ?? 0;
      for (let tried = 0; tried < count; tried++) {
        const address = dotted(first + offset);
        offset = (offset + 1) % count;
        if (used.has(address)) continue;
        cursors.set(range, offset);
        keep(uid, address);
        return address;
      }
      throw new RangeError(`Cannot give a pod an address: all ${count} of ${range} are taken`);
    },
  };
}

/** The addresses of a range without its network, gateway and broadcast addresses. */
function hostsOf(range: string): { first: number; count: number } {
  const [address = "", length = "32"] = range.split("/");
  const network = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first: network + 2, count: Math.max(1, 2 ** (32 - Number(length)) - 3) };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
