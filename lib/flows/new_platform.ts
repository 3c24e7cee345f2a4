import { dirname, join, resolve } from "node:path";
import type { Context } from "../core/context.ts";
import { UsageError } from "../core/errors.ts";
import { platformName } from "../platform/schema/platform_name.ts";
import { loadEnvironments } from "../platform/load.ts";
import { fromTemplate } from "../platform/template.ts";
import { platformsFolder, readPlatformFile } from "./render/render.ts";

/** A platform to be made from another one. */
export interface NewPlatformRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  from: string;
  /** Name of the new platform. */
  client: string;
  /** Its domain; `<client>.com` when absent. */
  domain?: string;
  /** Environments to take over; all when absent. */
  env?: readonly string[];
  /** File to write; manifests/platforms/<client>/platform.yaml when absent. */
  out?: string;
  /** Check everything, and write nothing. */
  dryRun?: boolean;
}

/**
 * Write a platform file for another client: that of the template with its own name, domain and environments. It is
 * checked as any platform file is before it is written.
 *
 * @throws {UsageError} when the client has a platform file already, or its name or domain does not do
 */
export async function newPlatform(request: NewPlatformRequest, context: Context): Promise<void> {
  const { from, client, domain = `${client}.com`, env = [], dryRun = false } = request;
  refuseName(client);
  const template = await readPlatformFile(from, context);
  const text = fromTemplate(template.text, { name: client, domain, environments: env });
  const file = request.out === undefined
    ? join(platformsFolder, client, "platform.yaml")
    : resolve(context.cwd, request.out);
  const environments = [...loadEnvironments(text, { file }).keys()];
  if (!dryRun) await writeNew(file, text, client);
  context.emit({
    type: "note",
    level: "info",
    message: `${dryRun ? "Would write" : "Wrote"} ${file}: ${client} at ${domain}, environments ${
      environments.join(", ")
    }`,
    remedy: `look at it, then run \`deno task bootstrap --platform ${client} --env ${
      environments[0]
    }\``,
  });
  context.emit({
    type: "summary",
    platform: client,
    domain,
    environments: environments.join(", "),
    state: dryRun ? "not written" : "written",
  });
}

/** Said once here, rather than of each of the many names that would follow from it. */
function refuseName(client: string): void {
  if (platformName.test(client)) return;
  const proposed = client.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(
    /^[-\d]+|-+$/g,
    "",
  );
  throw new UsageError(
    `Cannot call a platform "${client}": expected at most 30 lower-case letters, digits and hyphens, ` +
      "a letter first",
    {
      remedy: platformName.test(proposed)
        ? `call it ${proposed}, say`
        : "choose such a name with --client, such as acme",
    },
  );
}

async function writeNew(file: string, text: string, client: string): Promise<void> {
  await Deno.mkdir(dirname(file), { recursive: true });
  try {
    await Deno.writeTextFile(file, text, { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new UsageError(`Cannot write ${file}: it exists already`, {
      remedy:
        `change it, remove it, or choose another name than ${client} or another file with --out`,
      cause: error,
    });
  }
}
