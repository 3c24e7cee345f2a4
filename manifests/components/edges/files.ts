import type { Platform } from "../../../lib/platform/types.ts";
import { haproxyConfig } from "./haproxy.ts";

/** Files for hosts outside of the cluster, by path, such as `haproxy/edge.cfg`; always with the same bytes. */
export function filesOf(platform: Pick<Platform, "haproxy">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(platform.haproxy).map(([name, options]) => [
      `haproxy/${name}.cfg`,
      haproxyConfig(name, options),
    ]),
  );
}
