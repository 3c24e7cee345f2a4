import type { Redactor } from "../../core/redact.ts";
import type { RetryOptions } from "../../core/retry.ts";
import type { Status } from "../../core/status_error.ts";
import type { Answer, Call, OpenAnswer, PassedRequest } from "./call.ts";
import type { Credential } from "../connection/auth.ts";
import type { ConnectionConfig } from "../connection/connection.ts";
import { abortable, type Deadline } from "./deadline.ts";
import { createHttpClients } from "./http_clients.ts";
import { persevere } from "./persevere.ts";
import { openSocket, type Socket, type SocketTimes } from "../exec/open_socket.ts";
import { statusFrom, warningsIn } from "./status_answer.ts";
import { connectionFailure, type Explaining, refusalOf } from "./transport_failures.ts";

export type * from "./call.ts";

/** Sends requests: knows HTTP, credentials and retries, and nothing of objects. */
export interface Transport {
  /** Send a request and read its answer, with retries, until the deadline. */
  send(call: Call, deadline: Deadline): Promise<Answer>;
  /**
   * Send a GET whose answer goes on, or a request that the API server hands on, once, on a connection apart from
   * those of `send`. The API server's own failures are thrown; of what it hands on, any answer is one.
   */
  open(
    path: string,
    tried: string,
    signal: AbortSignal,
    passed?: PassedRequest,
  ): Promise<OpenAnswer>;
  /** Open a WebSocket that speaks one of these protocols, on a connection of its own, with retries until the deadline. */
  upgrade(
    path: string,
    wanted: { protocols: readonly string[]; times: SocketTimes },
    deadline: Deadline,
  ): Promise<Socket>;
  /** Close connections. */
  close(): void;
}

/** What a {@linkcode Transport} needs besides the connection. */
export interface TransportOptions {
  /** Hides secrets in what servers answer. */
  redactor: Redactor;
  /** Receives each warning that the server sends, as plain text, once. Must not throw. */
  onWarning?: (warning: string) => void;
  /** The time now. */
  now: () => Temporal.Instant;
  /** Value of the User-Agent header. */
  userAgent: string;
  /** How to retry. */
  retry?: Pick<RetryOptions, "firstDelayMs" | "maxDelayMs" | "random" | "sleep">;
}

/** Make a {@linkcode Transport}. It connects with its first request. */
export function createTransport(config: ConnectionConfig, options: TransportOptions): Transport {
  const { server, credentials } = config;
  const { contextName } = config;
  const explaining: Explaining = { ...options, server, contextName };
  const clients = createHttpClients(config);
  const told = new Set<string>();

  function headersFor(credential: Credential, accept: string): Headers {
    const headers = new Headers({ accept, "user-agent": options.userAgent });
    if (credential.authorization !== undefined) {
      headers.set("authorization", credential.authorization);
    }
    if (config.impersonate !== undefined) {
      const { user, uid, groups } = config.impersonate;
      headers.set("impersonate-user", user);
      if (uid !== undefined) headers.set("impersonate-uid", uid);
      for (const group of groups) headers.append("impersonate-group", group);
    }
    return headers;
  }

  async function currentCredential(signal: AbortSignal): Promise<Credential> {
    const current = credentials.current();
    return current instanceof Promise ? await abortable(current, signal) : current;
  }

  /** Calls `request` a second time when the first credential was refused and another one can be had. */
  async function authenticated<T>(
    tried: string,
    signal: AbortSignal,
    request: (credential: Credential) => Promise<T | FailedResponse>,
    secrets?: () => readonly string[],
  ): Promise<T> {
    let credential = await currentCredential(signal);
    let result = await request(credential);
    if (result instanceof FailedResponse && result.status.code === 401) {
      const refused = credential;
      if (credentials.renew(refused)) credential = await currentCredential(signal);
      if (credential !== refused) result = await request(credential);
    }
    if (result instanceof FailedResponse) {
      throw await refusalOf(tried, result.status, credential, explaining, secrets?.());
    }
    return result;
  }

  function warn(headers: Headers): void {
    const value = headers.get("warning");
    if (value === null || options.onWarning === undefined) return;
    for (const warning of warningsIn(value)) {
      if (told.has(warning)) continue;
      told.add(warning);
      options.onWarning(options.redactor.redact(warning));
    }
  }

  function once(call: Call, { tried, signal, expired }: Deadline): Promise<Answer> {
    return authenticated(tried, signal, async (credential) => {
      const http = clients.ordinary(credential.certificate);
      const headers = headersFor(credential, call.accept ?? "application/json");
      if (call.body !== undefined) {
        headers.set("content-type", call.contentType ?? "application/json");
      }
      let response: Response;
      let text: string;
      try {
        response = await fetch(server + call.path, {
          method: call.method,
          headers,
          body: call.body,
          signal,
          client: http,
          redirect: "manual",
        });
        text = await response.text();
      } catch (error) {
        if (!signal.aborted) throw await connectionFailure(tried, error, credential, explaining);
        // A connection that fell silent may be dead, and HTTP/2 would go on using it.
        if (expired()) clients.retire(http);
        throw signal.reason;
      }
      warn(response.headers);
      if (!response.ok) return failedResponse(response, text);
      return { text, contentType: response.headers.get("content-type") ?? "" };
    }, call.secrets);
  }

  return {
    send: (call, deadline) => persevere(() => once(call, deadline), call, deadline, options.retry),
    upgrade(path, { protocols, times }, deadline) {
      const { tried, signal } = deadline;
      const once = () =>
        authenticated(tried, signal, async (credential) => {
          const { certificate } = credential;
          const headers = headersFor(credential, "*/*");
          try {
            const answer = await openSocket(
              config,
              { path, headers, protocols, certificate },
              times,
              signal,
            );
            return "socket" in answer ? answer.socket : new FailedResponse(statusFrom(answer));
          } catch (error) {
            throw signal.aborted
              ? signal.reason
              : await connectionFailure(tried, error, credential, explaining);
          }
        });
      return persevere(once, { repeatable: false }, deadline, options.retry);
    },
    open(path, tried, signal, passed) {
      return authenticated(tried, signal, async (credential) => {
        const place = clients.forWatch(credential.certificate);
        try {
          const headers = headersFor(credential, "application/json");
          for (const [name, value] of Object.entries(passed?.headers ?? {})) {
            headers.set(name, value);
          }
          const response = await fetch(server + path, {
            method: passed?.method,
            body: passed?.body,
            headers,
            signal,
            client: place.http,
            redirect: "manual",
          });
          const { status } = response;
          if (response.ok && response.body !== null) {
            const release = (dead: boolean) => dead ? place.abandon() : place.release();
            return { status, headers: response.headers, body: response.body, release };
          }
          const text = await response.text();
          place.release();
          if (passed === undefined || isStatus(text)) return failedResponse(response, text);
          const body = new Blob([text]).stream();
          return { status, headers: response.headers, body, release: () => {} };
        } catch (error) {
          place.abandon();
          throw signal.aborted
            ? signal.reason
            : await connectionFailure(tried, error, credential, explaining);
        }
      });
    },
    close() {
      clients.close();
      credentials.close?.();
    },
  };
}

class FailedResponse {
  constructor(readonly status: Status) {}
}

function failedResponse({ status: code, headers }: Response, text: string): FailedResponse {
  return new FailedResponse(statusFrom({ code, headers, text }));
}

/** Whether an answer is the API server's own. */
function isStatus(text: string): boolean {
  return /^\s*\{/.test(text) && /"kind"\s*:\s*"Status"/.test(text);
}
