import assert from "node:assert/strict";
import { programNamed } from "../../../lib/local/programs/programs.ts";
import {
  operatorAccess,
  operatorNames,
  operators,
  operatorService,
} from "../../../lib/local/services/operators.ts";
import { checkService } from "../../../lib/local/services/service.ts";

Deno.test("each operator runs a pinned program, and listens on its own address only", () => {
  for (const name of operatorNames) {
    const operator = operators[name];
    assert.equal(programNamed(operator.program).name, operator.program);
    const service = operatorService(operator, { address: "127.1.2.3", namespace: "somewhere" });
    checkService(service);
    const listening = service.args.filter((arg) => /(addr|address)=/.test(arg));
    assert.ok(listening.length > 0, name);
    for (const arg of listening) assert.match(arg, /=127\.1\.2\.3:\d+$/);
    assert.ok(listening.some((arg) => arg.endsWith(`:${operator.port}`)), name);
    assert.deepEqual(service.account, { namespace: "somewhere", name: operator.account });
  }
});

Deno.test("an operator may do what its rules say and no more: nothing on all groups or all verbs", () => {
  for (const name of operatorNames) {
    const [account, role, binding] = operatorAccess(operators[name], "somewhere");
    assert.deepEqual(account!.metadata, { name: operators[name].account, namespace: "somewhere" });
    assert.equal((binding!["roleRef"] as { name: string }).name, role!.metadata.name);
    for (const { apiGroups, resources, verbs } of operators[name].rules) {
      assert.ok(!apiGroups.includes("*") && !verbs.includes("*"), name);
      if (resources.includes("*")) assert.deepEqual(verbs, ["get", "list", "watch"]);
    }
  }
});
