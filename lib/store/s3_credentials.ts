import type { Context } from "../core/context.ts";
import { UsageError } from "../core/errors.ts";
import { readSetting } from "../core/setting.ts";

/** Credentials of a store of S3. */
export interface S3Credentials {
  /** Id of the key. */
  accessKeyId: string;
  /** The key itself. */
  secretAccessKey: string;
  /** What goes with a key that expires. */
  sessionToken?: string;
}

/**
 * The credentials that the environment has, or the files that it names. The redactor knows them when this returns.
 *
 * @throws {UsageError} when they lack
 */
export async function s3Credentials(
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<S3Credentials> {
  const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all([
    readSetting("AWS_ACCESS_KEY_ID", context),
    readSetting("AWS_SECRET_ACCESS_KEY", context),
    readSetting("AWS_SESSION_TOKEN", context),
  ]);
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const lacks = accessKeyId === undefined ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY";
    throw new UsageError(`Cannot open the store: the environment has no ${lacks}`, {
      remedy: `set ${lacks}, or ${lacks}_FILE to the path of a file that holds it`,
    });
  }
  context.redactor.add(secretAccessKey);
  if (sessionToken !== undefined) context.redactor.add(sessionToken);
  return { accessKeyId, secretAccessKey, ...sessionToken === undefined ? {} : { sessionToken } };
}
