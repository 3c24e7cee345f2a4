import type { ClusterClient, ResourceType } from "../../core/cluster.ts";
import { jsonOf, type Session } from "./session.ts";
import { dryRunQuery } from "./write.ts";
import { objectPath, withQuery } from "./paths.ts";

/** Kinds that every server serves, so that discovery need not be asked. */
const pods: ResourceType = {
  apiVersion: "v1",
  kind: "Pod",
  plural: "pods",
  namespaced: true,
  verbs: [],
};
const serviceAccounts: ResourceType = {
  ...pods,
  kind: "ServiceAccount",
  plural: "serviceaccounts",
};

/** The operations on pods, accounts and rights that go beyond reading and writing objects. */
export function createAccessOperations(
  session: Session,
): Pick<ClusterClient, "evict" | "requestToken" | "mayI" | "logs"> {
  const { transport, within, redactor } = session;
  return {
    evict: (pod, options) =>
      within(`evict Pod ${pod.namespace}/${pod.name}`, options, async (deadline) => {
        await transport.send({
          method: "POST",
          path: withQuery(objectPath(pods, pod, "eviction"), dryRunQuery(options)),
          body: JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata: pod }),
          repeatable: options?.dryRun === true,
        }, deadline);
      }),
    requestToken: (account, options = {}) =>
      within(
        `request a token for ServiceAccount ${account.namespace}/${account.name}`,
        options,
        async (deadline) => {
          const { audiences, expirationSeconds } = options;
          const answer = await transport.send({
            method: "POST",
            path: objectPath(serviceAccounts, account, "token"),
            body: JSON.stringify({
              apiVersion: "authentication.k8s.io/v1",
              kind: "TokenRequest",
              spec: { audiences, expirationSeconds },
            }),
            // A token that nobody received does no harm: it ends by itself.
            repeatable: true,
          }, deadline);
          const { status } = jsonOf<{ status: { token: string; expirationTimestamp: string } }>(
            answer,
            session,
            deadline,
          );
          redactor.add(status.token);
          return { token: status.token, expiresAt: status.expirationTimestamp };
        },
      ),
    mayI: (question, options) =>
      within(
        `ask whether this user may ${question.verb} ${question.resource}`,
        options,
        async (deadline) => {
          const answer = await transport.send({
            method: "POST",
            path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            body: JSON.stringify({
              apiVersion: "authorization.k8s.io/v1",
              kind: "SelfSubjectAccessReview",
              spec: { resourceAttributes: question },
            }),
            repeatable: true,
          }, deadline);
          return jsonOf<{ status?: { allowed?: boolean } }>(answer, session, deadline).status
            ?.allowed === true;
        },
      ),
    logs: (pod, { container, tailLines, previous, ...options } = {}) =>
      within(`read the log of Pod ${pod.namespace}/${pod.name}`, options, async (deadline) => {
        const query = { container, tailLines, previous: previous ? true : undefined };
        const path = withQuery(objectPath(pods, pod, "log"), query);
        const call = { method: "GET", path, accept: "*/*", repeatable: true } as const;
        return (await transport.send(call, deadline)).text;
      }),
  };
}
