import type { Mistake, Path } from "../mistake.ts";
import { refer } from "./reference.ts";

/** A service must be declared, and have the port. `path` leads to the port; with `atKey`, its key is the service's name. */
export function checkService(
  path: Path,
  name: string,
  port: number,
  services: readonly { name: string; ports: readonly number[] }[],
  atKey = false,
): Mistake[] {
  const service = services.find((declared) => declared.name === name);
  if (service === undefined) {
    return refer(path, name, services.map((declared) => declared.name), "service here").map((
      mistake,
    ) => ({ ...mistake, atKey }));
  }
  return service.ports.includes(port) ? [] : [{
    path,
    message: `service ${name} has no port ${port}, expected ${service.ports.join(" or ")}`,
  }];
}
