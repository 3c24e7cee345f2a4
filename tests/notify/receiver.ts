/** What somebody was told. */
export interface Told {
  /** Path and query that were asked for. */
  path: string;
  /** Media type of the body. */
  contentType: string;
  /** The body. */
  body: string;
}

/** A server that is told things. */
export interface Receiver extends AsyncDisposable {
  /** Its URL, without a slash at its end. */
  url: string;
  /** What it was told, in this order. */
  told: Told[];
}

/** Start a server on loopback that notes what it is told, and answers as `answer` says. */
export function startReceiver(
  answer: (told: Told, count: number) => Response | Promise<Response> = () => new Response("OK"),
): Receiver {
  const told: Told[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const one = {
        path: pathname + search,
        contentType: request.headers.get("content-type") ?? "",
        body: await request.text(),
      };
      told.push(one);
      return await answer(one, told.length);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    told,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
