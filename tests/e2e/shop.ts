import type { Platform, Workload } from "../../lib/platform/types.ts";
import { sampleWorkload } from "../platform/sample_platform.ts";

/** What a shop may have besides its one workload. */
export interface ShopChanges extends Partial<Omit<Platform, "name" | "environment">> {
  /** What differs of the workload `web`. */
  web?: Partial<Workload>;
}

/**
 * Write the file of a small platform: a namespace of the platform's own name with one workload, `web`, which
 * becomes a ServiceAccount, a Deployment of one pod and a Service.
 *
 * @returns path of the file
 */
export async function writeShop(
  folder: string,
  name: string,
  { web, ...sections }: ShopChanges = {},
): Promise<string> {
  const platform = {
    name,
    domain: "example.org",
    environments: { test: {} },
    namespaces: { [name]: { podSecurity: "restricted" } },
    workloads: { web: sampleWorkload({ namespace: name, ...web }) },
    ...sections,
  };
  const file = `${folder}/${name}.yaml`;
  // JSON is YAML.
  await Deno.writeTextFile(file, JSON.stringify(platform, undefined, 2));
  return file;
}
