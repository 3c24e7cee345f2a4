/**
 * Gives the network up, for good, unless the command line asks for something that is fetched. A task imports this
 * first, so that nothing that is loaded after it, a library of others least of all, can reach anybody.
 *
 * @module
 */
const fetching = [
  "--fetch-cert",
  "--validate",
  "--re-encrypt",
  "--kubeconfig",
  "--context",
];

const asks = Deno.args.some((arg) =>
  fetching.includes(arg.split("=", 1)[0]!) || /^(--cert=)?https?:\/\//i.test(arg)
);

if (!asks) Deno.permissions.revokeSync({ name: "net" });
