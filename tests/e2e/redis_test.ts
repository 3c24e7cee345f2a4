import assert from "node:assert/strict";
import { sampleRedis } from "../platform/sample_data.ts";
import { redisGround } from "./redis_pods.ts";

const master = /cache-(\d)\.cache-headless\.shop\.svc\.cluster\.local/;

Deno.test("a real Sentinel makes another server master in less than 15 seconds, and all come back", async () => {
  // With what Redis' own notation would read in another way.
  await using ground = await redisGround(sampleRedis(), 'pa"ss \\word');
  const servers = await Promise.all([0, 1, 2].map((index) => ground.server(index)));
  await servers[0]!.says(/Synchronization with replica cache-1.*succeeded/);
  await servers[0]!.says(/Synchronization with replica cache-2.*succeeded/);
  const sentinels = await Promise.all([1, 2, 3].map((node) => ground.sentinel(node)));
  for (const sentinel of sentinels) await sentinel.says(/(\+sentinel sentinel[^]*){2}/);
  for (const sentinel of sentinels) await sentinel.says(/(\+slave slave[^]*){2}/);
  assert.deepEqual(await ground.ask(servers[0]!, "SET", "session", "42"), ["OK"]);
  assert.deepEqual(await ground.ask(servers[0]!, "WAIT", "2", "5000"), ["2"]);

  const lost = performance.now();
  await servers[0]!.kill();
  await Promise.all(sentinels.map((sentinel) => sentinel.says(/\+switch-master mymaster/)));
  assert.ok(performance.now() - lost < 15_000, `it took ${performance.now() - lost} ms`);
  const [host] = await ground.ask(
    sentinels[0]!,
    "SENTINEL",
    "get-master-addr-by-name",
    "mymaster",
  );
  const elected = Number(master.exec(host!)![1]);
  assert.notEqual(elected, 0);
  assert.deepEqual(await ground.ask(servers[elected]!, "GET", "session"), ["42"]);

  const back = await ground.server(0);
  await back.says(/MASTER <-> REPLICA sync: Finished with success/);
  const [role, follows] = await ground.ask(back, "ROLE");
  assert.equal(role, "slave");
  assert.match(follows!, new RegExp(`^cache-${elected}\\.`));

  await sentinels[0]!.kill();
  const again = await ground.sentinel(1);
  await again.says(/(\+sentinel sentinel[^]*){2}/);
  // Three and not four: it is the one that the others knew, though its configuration is a new one.
  assert.match(
    (await ground.ask(sentinels[1]!, "SENTINEL", "CKQUORUM", "mymaster"))[0]!,
    /^OK 3 usable Sentinels/,
  );
});
