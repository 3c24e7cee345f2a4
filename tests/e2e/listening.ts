/**
 * The addresses on which processes listen for TCP, as `address:port` in the kernel's
 * hexadecimal form. Source: proc(5), /proc/net/tcp and /proc/pid/fd.
 */
export async function listeningAddresses(pids: readonly number[]): Promise<string[]> {
  const inodes = new Set<string>();
  for (const pid of pids) {
    for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
      const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  }
  const addresses: string[] = [];
  for (const table of ["tcp", "tcp6"]) {
    const text = await Deno.readTextFile(`/proc/net/${table}`);
    for (const line of text.split("\n").slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      const listens = state === "0A";
      if (listens && local !== undefined && inodes.has(inode ?? "")) addresses.push(local);
    }
  }
  return addresses;
}

/** Whether an address is 127.0.0.0/8 or ::1, also where it is written as an IPv6 address. */
export function loopbackOnly(address: string): boolean {
  const [host = ""] = address.split(":");
  return /^(0000000000000000FFFF0000)?[0-9A-F]{6}7F$/.test(host) ||
    host === "00000000000000000000000001000000";
}
