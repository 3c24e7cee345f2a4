import type { ClusterClient, ListQuery, ObjectList, RequestOptions } from "../../core/cluster.ts";
import { SlipwayError } from "../../core/errors.ts";
import { type KubeObject, subjectOf } from "../../core/object.ts";
import { StatusError } from "../../core/status_error.ts";
import { failureOf, jsonOf, objectIsMissing, type Session } from "./session.ts";
import { collectionPath, objectPath, withQuery } from "./paths.ts";
import { subjectOfQuery, watchObjects } from "./watch.ts";

/** Objects on one page of a list; kubectl takes as many. */
const pageSize = 500;

/** A page of a list, as servers answer it. */
interface Page<T> {
  metadata: { resourceVersion?: string; continue?: string };
  items: Omit<T, "apiVersion" | "kind">[] | null;
}

/** The operations that read objects. */
export function createReadOperations(
  session: Session,
): Pick<ClusterClient, "get" | "list" | "watch" | "read"> {
  const { transport, within, served } = session;

  async function page<T>(
    query: ListQuery,
    options: RequestOptions,
    part: { limit?: number; continue?: string },
  ): Promise<Page<T>> {
    const { namespace, labelSelector, fieldSelector } = query;
    return await within(`list ${subjectOfQuery(query)}`, options, async (deadline) => {
      const path = collectionPath(await served(query, deadline), namespace);
      const call = {
        method: "GET",
        path: withQuery(path, { labelSelector, fieldSelector, ...part }),
        repeatable: true,
      } as const;
      try {
        return jsonOf<Page<T>>(await transport.send(call, deadline), session, deadline);
      } catch (error) {
        throw failureOf(error, deadline.tried, query, session);
      }
    });
  }

  async function list<T extends KubeObject>(
    query: ListQuery,
    options: RequestOptions = {},
  ): Promise<ObjectList<T>> {
    const items: T[] = [];
    let next: string | undefined;
    let limit: number | undefined = pageSize;
    for (;;) {
      try {
        const { metadata, ...answer }: Page<T> = await page<T>(query, options, {
          limit,
          continue: next,
        });
        const { apiVersion, kind } = query;
        for (const item of answer.items ?? []) items.push({ apiVersion, kind, ...item } as T);
        next = metadata.continue || undefined;
        if (next === undefined) return { items, resourceVersion: metadata.resourceVersion ?? "" };
      } catch (error) {
        const expired = error instanceof StatusError && error.status.code === 410;
        if (!expired || next === undefined) throw error;
        // The pages took longer than the server keeps a snapshot: only one page is safe from that.
        items.length = 0;
        next = limit = undefined;
      }
    }
  }

  return {
    list,
    get: <T extends KubeObject>(
      ref: Parameters<ClusterClient["get"]>[0],
      options?: RequestOptions,
    ) =>
      within(`get ${subjectOf(ref)}`, options, async (deadline) => {
        const path = objectPath(await served(ref, deadline), ref);
        try {
          const answer = await transport.send({ method: "GET", path, repeatable: true }, deadline);
          return jsonOf<T>(answer, session, deadline);
        } catch (error) {
          if (objectIsMissing(error)) return undefined;
          throw failureOf(error, deadline.tried, ref, session);
        }
      }),
    watch: <T extends KubeObject>(query: ListQuery, { signal }: { signal: AbortSignal }) => {
      const tried = `watch ${subjectOfQuery(query)}`;
      if (session.closing.aborted) throw new SlipwayError(`Cannot ${tried}: the client is closed`);
      const { random = Math.random } = session.watchTimes;
      const { namespace, labelSelector, fieldSelector } = query;
      return watchObjects<T>(
        {
          tried,
          list: (ending) => list<T>(query, { signal: ending }),
          open: {
            server: session.server,
            tried,
            async open(resourceVersion, ending) {
              const path = await within(
                tried,
                { signal: ending },
                async (deadline) => collectionPath(await served(query, deadline), namespace),
              );
              // Spread over time, so that watches opened together do not come back together.
              const timeoutSeconds = Math.round(240 + 120 * random());
              const parameters = {
                watch: true,
                allowWatchBookmarks: true,
                resourceVersion,
                timeoutSeconds,
                labelSelector,
                fieldSelector,
              };
              try {
                return await transport.open(withQuery(path, parameters), tried, ending);
              } catch (error) {
                throw failureOf(error, tried, query, session);
              }
            },
          },
        },
        AbortSignal.any([signal, session.closing]),
        session.watchTimes,
      );
    },
    read: (path, options) =>
      within(
        `read ${path}`,
        options,
        async (deadline) =>
          (await transport.send({ method: "GET", path, accept: "*/*", repeatable: true }, deadline))
            .text,
      ),
  };
}
