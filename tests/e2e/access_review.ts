import { parse } from "yaml";

/** Who asks, as the API server sees them. */
export interface Subject {
  /** Name of the user. */
  user: string;
  /** Groups that the user is in. */
  groups: string[];
}

/** What is asked: `verb group/resource in namespace`, without a namespace for all, without a group for the core one. */
export interface Question {
  /** Verb, such as `get`. */
  verb: string;
  /** API group. */
  group: string;
  /** Resource in the plural. */
  resource: string;
  /** Part of the resource, such as `log`. */
  subresource?: string;
  /** Namespace; all of them when absent. */
  namespace?: string;
}

/** Groups of the API are lower-case words with dots, or one of these. */
const plainGroups = ["apps", "batch", "policy", "autoscaling"];

/** Read `get pods/log in shop`, `patch apps/deployments/scale in shop` or `list nodes`. */
export function questionOf(text: string): Question {
  const [verb = "", path = "", , namespace] = text.split(" ");
  const [first = "", ...rest] = path.split("/");
  const hasGroup = first.includes(".") || plainGroups.includes(first);
  const [resource = "", subresource] = hasGroup ? rest : [first, ...rest];
  return { verb, group: hasGroup ? first : "", resource, subresource, namespace };
}

/** Asks the API server of a kubeconfig what others may do, by SubjectAccessReviews of its administrator. */
export async function withReviewer<T>(
  kubeconfig: string,
  work: (mayThey: (who: Subject, question: Question) => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const { clusters, users } = parse(await Deno.readTextFile(kubeconfig)) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const { cluster } = clusters[0]!;
  const { user } = users[0]!;
  using client = Deno.createHttpClient({
    caCerts: [atob(cluster["certificate-authority-data"]!)],
    cert: atob(user["client-certificate-data"]!),
    key: atob(user["client-key-data"]!),
  });
  return await work(async (who, resourceAttributes) => {
    const answer = await fetch(
      `${cluster["server"]}/apis/authorization.k8s.io/v1/subjectaccessreviews`,
      {
        client,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec: { ...who, resourceAttributes },
        }),
      },
    );
    if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { status: { allowed: boolean } }).status.allowed;
  });
}
