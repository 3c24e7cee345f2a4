import type { ClusterClient } from "../../core/cluster.ts";
import { SlipwayError } from "../../core/errors.ts";
import { StatusError } from "../../core/status_error.ts";
import { objectPath } from "../client/paths.ts";
import type { Session } from "../client/session.ts";
import { attend } from "./attend.ts";

/**
 * What a connection speaks. Only the newer one, which clusters speak since 1.30, can say that the input ends.
 * Source: k8s.io/apimachinery, pkg/util/remotecommand.
 */
const v5 = "v5.channel.k8s.io";
const v4 = "v4.channel.k8s.io";

const pods = { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true, verbs: [] };

/**
 * How dead connections are found. A program that does not read its input blocks whatever lies behind it on the
 * connection, the answers to pings too, and building a large index takes its time.
 */
const patience = {
  reading: { pingMs: 10_000, silenceMs: 60_000 },
  fed: { pingMs: 10_000, silenceMs: 3_600_000 },
};

/** Programs in pods. Source: kubernetes.io/docs/reference, core/v1 connectGetNamespacedPodExec. */
export function createExecOperation(
  { transport, within, closing, redactor }: Session,
): Pick<ClusterClient, "exec"> {
  return {
    async exec({ namespace, name, container }, program, { signal }) {
      const { argv, env = {}, stdin } = program;
      const label = program.label ?? argv[0].slice(argv[0].lastIndexOf("/") + 1);
      const place = `Pod ${namespace}/${name}`;
      const tried = `run ${label} in ${place}`;
      const variables = Object.keys(env);
      if (variables.length > 0) {
        throw new SlipwayError(
          `Cannot ${tried} with the variables ${variables.join(", ")}: a pod takes none`,
        );
      }
      const query = new URLSearchParams(argv.map((word) => ["command", word]));
      if (container !== undefined) query.set("container", container);
      if (stdin !== undefined) query.set("stdin", "true");
      query.set("stdout", "true");
      query.set("stderr", "true");
      const wanted = stdin === undefined
        ? { protocols: [v5, v4], times: patience.reading }
        : { protocols: [v5], times: patience.fed };
      const path = `${objectPath(pods, { namespace, name }, "exec")}?${query}`;
      const tooOld = (found: string, cause?: unknown) =>
        new SlipwayError(
          `Cannot ${tried}: the API server speaks ${found}, wanted ${
            wanted.protocols.join(" or ")
          }`,
          { remedy: "upgrade the cluster to Kubernetes 1.30 or later", cause },
        );
      const socket = await within(
        tried,
        { signal },
        (deadline) => transport.upgrade(path, wanted, deadline),
      ).catch((error) => {
        throw stdin !== undefined && isBareRefusal(error)
          ? tooOld("an older protocol", error)
          : error;
      });
      if (!wanted.protocols.includes(socket.protocol)) {
        socket.close();
        throw tooOld(socket.protocol === "" ? "no protocol" : socket.protocol);
      }
      const ending = AbortSignal.any([signal, closing]);
      return attend({
        socket,
        stdin,
        redactor,
        ran: { label, name: argv[0], place },
        signal: ending,
      });
    },
  };
}

/** Servers that know none of the protocols end the handshake without a word; whoever lacks a right is told so. */
function isBareRefusal(error: unknown): boolean {
  return error instanceof StatusError && error.reason === "" &&
    [400, 403].includes(error.status.code);
}
