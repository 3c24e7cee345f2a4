import assert from "node:assert/strict";
import { ExitCode, SlipwayError } from "../../lib/core/errors.ts";
import { backupKeys } from "../../lib/flows/seal/backup_keys.ts";
import { checkSealed } from "../../lib/flows/seal/check_sealed.ts";
import { clusterKeys } from "../../lib/flows/seal/cluster_keys.ts";
import { keyBackupState } from "../../lib/flows/seal/key_status.ts";
import { servedCertificate } from "../../lib/flows/seal/reseal_by_controller.ts";
import { resealSecrets } from "../../lib/flows/seal/reseal_secrets.ts";
import { restoreKeys } from "../../lib/flows/seal/restore_keys.ts";
import { rotateKey } from "../../lib/flows/seal/rotate_key.ts";
import { sealedYaml, withTree } from "../flows/seal/sealed_tree.ts";
import { makePair } from "../seal/sealing_pair.ts";
import { leaksOf } from "../live/leaks.ts";
import { withCluster } from "./cluster_fixture.ts";
import { sealingGround } from "./sealing_ground.ts";

const cluster = "sealing";
const namespace = "kube-system";
const scopes = ["strict", "namespace-wide", "cluster-wide"] as const;

Deno.test("sealing keys on a cluster with a real controller, from the first backup to a new cluster", async (t) => {
  await withCluster(cluster, async ({ client, context }) => {
    await withTree(async (tree) => {
      await using ground = await sealingGround(tree, { cluster, client, context });
      const { flow, seal, apply, opened, start, stop } = ground;
      await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
      await start();
      for (const scope of scopes) await seal(`deploy/${scope}.yaml`, { scope, name: scope });
      await seal("late.yaml", { name: "late" });

      await t.step("a backup has all keys, and the cluster remembers it", async () => {
        assert.equal((await keyBackupState(client, namespace, flow))?.state, "none");
        await backupKeys(ground.request, flow);
        assert.equal((await keyBackupState(client, namespace, flow))?.state, "current");
      });

      await t.step(
        "a rotation makes what is sealed and the backup stale, and one reseal brings all to the new key",
        async () => {
          const before = await tree.files();
          await rotateKey({ cluster, keySize: 2048 }, flow);
          assert.equal((await keyBackupState(client, namespace, flow))?.state, "stale");
          await ground.keepCertificates();
          const check = { paths: ["deploy"], cert: ["certs/all.pem"] };
          assert.equal(await checkSealed(check, flow), ExitCode.differences);
          assert.equal(ground.summary()["stale"], scopes.length);

          await resealSecrets({ paths: ["deploy"], cluster }, flow);
          assert.equal(ground.summary()["files"], scopes.length);
          assert.equal(await checkSealed(check, flow), ExitCode.done);
          const after = await tree.files();
          for (const scope of scopes) {
            const lines = (files: Record<string, string>) =>
              files[`deploy/${scope}.yaml`]!.split("\n");
            const changed = lines(after).filter((line, index) => line !== lines(before)[index]);
            assert.equal(changed.length, 2, "the ciphertext and its record");
          }
          await resealSecrets({ paths: ["deploy"], cluster }, flow);
          assert.deepEqual(await tree.files(), after);
        },
      );

      await t.step(
        "the controller opens what was resealed, and what was sealed before the rotation",
        async () => {
          for (const scope of scopes) await apply(`deploy/${scope}.yaml`);
          await apply("late.yaml");
          for (const name of [...scopes, "late"]) {
            assert.equal(await opened(name), `value of ${name}`);
          }
        },
      );

      await t.step(
        "what another cluster's certificate sealed is named, and nothing is changed",
        async () => {
          const foreign = await makePair();
          await tree.write("mixed/a.yaml", await tree.read("late.yaml"));
          await tree.write("mixed/b.yaml", await sealedYaml({ pair: foreign, name: "foreign" }));
          const before = await tree.files();
          await assert.rejects(
            resealSecrets({ paths: ["mixed"], cluster }, flow),
            /mixed\/b\.yaml: SealedSecret shop\/foreign, key PASSWORD: the controller answers 500/,
          );
          assert.deepEqual(await tree.files(), before);
        },
      );

      await t.step(
        "without its controller a reseal and a rotation say so, and change nothing",
        async () => {
          await backupKeys(ground.request, flow);
          await stop();
          const before = await tree.files();
          for (
            const work of [
              () => resealSecrets({ paths: ["mixed"], cluster }, flow),
              () => rotateKey({ cluster }, flow),
            ]
          ) {
            await assert.rejects(
              work,
              (error: unknown) => error instanceof SlipwayError && error.remedy !== undefined,
            );
          }
          assert.deepEqual(await tree.files(), before);
          assert.equal((await clusterKeys(client, namespace, flow)).length, 2);
        },
      );

      await t.step(
        "keys restored before the controller starts are all that there are, and open everything",
        async () => {
          const wanted = await ground.wipe();
          await restoreKeys(ground.restore, flow);
          assert.deepEqual([ground.summary()["restored"], ground.summary()["served"]], [2, false]);
          await start();
          assert.deepEqual(await ground.fingerprints(), wanted);
          assert.equal((await servedCertificate(await ground.controller())).fingerprint, wanted[0]);
          for (const scope of scopes) await apply(`deploy/${scope}.yaml`);
          await apply("late.yaml");
          for (const name of [...scopes, "late"]) {
            assert.equal(await opened(name), `value of ${name}`);
          }
          assert.equal((await keyBackupState(client, namespace, flow))?.state, "current");
          await restoreKeys(ground.restore, flow);
          assert.deepEqual([ground.summary()["restored"], ground.summary()["served"]], [0, true]);
          assert.deepEqual(await ground.fingerprints(), wanted);
        },
      );

      await t.step(
        "the key that a controller made before the restore is told, and goes when it is asked",
        async () => {
          await stop();
          const wanted = await ground.wipe();
          await start();
          await restoreKeys(ground.restore, flow);
          assert.equal(ground.summary()["others"], 1);
          assert.match(JSON.stringify(ground.events), /is a key that the backup does not have/);
          assert.equal((await ground.fingerprints()).length, wanted.length + 1);
          await restoreKeys({ ...ground.restore, removeOthers: true }, flow);
          assert.deepEqual(await ground.fingerprints(), wanted);
          assert.equal((await servedCertificate(await ground.controller())).fingerprint, wanted[0]);
          await apply("late.yaml");
          assert.equal(await opened("late"), "value of late");
        },
      );

      await t.step(
        "no private key and no value was told, or stands in a file of the backup",
        async () => {
          const secrets: Record<string, string> = {
            "the identity": (await tree.read("me.txt")).trim(),
          };
          for (const name of [...scopes, "late"]) secrets[`value of ${name}`] = `value of ${name}`;
          for (const { secret, certificate } of await clusterKeys(client, namespace, flow)) {
            const pem = secret.values.get("tls.key")!;
            // A line in the middle of the key, and where it stands in the Secret as an API has it.
            secrets[`key ${certificate.fingerprint}`] = new TextDecoder().decode(pem).split(
              "\n",
            )[5]!;
            secrets[`Secret of ${certificate.fingerprint}`] = pem.toBase64().slice(400, 480);
          }
          const texts = {
            events: JSON.stringify(ground.events),
            "other files of the tree": JSON.stringify({ ...await tree.files(), "me.txt": "" }),
          };
          // The folder of state has etcd's data, and the logs of the API server, its audit among them, and of the controller.
          const folders = [ground.request.store, flow.env("XDG_STATE_HOME")!];
          assert.deepEqual(await leaksOf(secrets, { folders, texts }), []);
          assert.ok(!texts.events.includes("PRIVATE KEY"));
        },
      );
    });
  });
});
