import assert from "node:assert/strict";
import { installUnits, planUnits } from "../../lib/systemd/install.ts";
import type { Systemctl } from "../../lib/systemd/systemctl.ts";
import { type UnitFile, unitFile } from "../../lib/systemd/unit_file.ts";
import { withFolder } from "../folder.ts";

function unit(name: string, owner = "shop-live", schedule = "daily"): UnitFile {
  return unitFile(name, {
    Timer: { OnCalendar: schedule },
    "X-Slipway": { Owner: owner },
  });
}

const timer = unit("slipway-shop-live-a.timer");
const service = unit("slipway-shop-live-a.service");

/** A systemd that knows which timers are enabled, and writes down what it is told. */
function fakeSystemctl() {
  const enabled = new Set<string>();
  const told: string[] = [];
  const systemctl: Systemctl = {
    show: (units) =>
      Promise.resolve(units.map((name) => ({
        LoadState: "loaded",
        NeedDaemonReload: "no",
        UnitFileState: enabled.has(name) ? "enabled" : "disabled",
        ActiveState: enabled.has(name) ? "active" : "inactive",
      }))),
    act(verb, units) {
      if (units.length === 0) return Promise.resolve();
      told.push([...verb, ...units].join(" "));
      for (const name of units) {
        if (verb[0] === "enable") enabled.add(name);
        if (verb[0] === "disable") enabled.delete(name);
      }
      return Promise.resolve();
    },
    reload: () => Promise.resolve(void told.push("reload")),
  };
  return { systemctl, told };
}

async function install(
  folder: string,
  wanted: readonly UnitFile[],
  { systemctl, told }: ReturnType<typeof fakeSystemctl>,
): Promise<string[]> {
  told.length = 0;
  const plan = await planUnits(folder, "shop-live", wanted);
  await installUnits(folder, plan, systemctl);
  return [...told];
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test("units are written and started once, and then nothing is done", async () => {
  await withFolder(async (folder) => {
    const systemd = fakeSystemctl();
    assert.deepEqual(await install(folder, [service, timer], systemd), [
      "reload",
      "enable --now slipway-shop-live-a.timer",
    ]);
    assert.deepEqual(await namesIn(folder), [service.name, timer.name]);
    assert.deepEqual(await install(folder, [service, timer], systemd), []);
  });
});

Deno.test("a timer whose time changed is started anew", async () => {
  await withFolder(async (folder) => {
    const systemd = fakeSystemctl();
    await install(folder, [service, timer], systemd);
    const changed = unit(timer.name, "shop-live", "weekly");
    assert.deepEqual(await install(folder, [service, changed], systemd), [
      "reload",
      `restart ${timer.name}`,
    ]);
  });
});

Deno.test("a run that was cut off after it wrote is finished by the next", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/${timer.name}`, timer.text);
    await Deno.writeTextFile(`${folder}/${service.name}`, service.text);
    assert.deepEqual(await install(folder, [service, timer], fakeSystemctl()), [
      `enable --now ${timer.name}`,
    ]);
  });
});

Deno.test("units that no job wants go, and those of others stay", async () => {
  await withFolder(async (folder) => {
    const systemd = fakeSystemctl();
    const old = unit("slipway-shop-live-old.timer");
    const others = unit("slipway-shop-live2-a.timer", "shop-live2");
    await install(folder, [service, timer, old], systemd);
    await Deno.writeTextFile(`${folder}/${others.name}`, others.text);
    await Deno.writeTextFile(`${folder}/slipway-mine.service`, "[Service]\nExecStart=/bin/true\n");
    assert.deepEqual(await install(folder, [service, timer], systemd), [
      `disable --now ${old.name}`,
      "reload",
    ]);
    assert.deepEqual(await namesIn(folder), [
      "slipway-mine.service",
      service.name,
      timer.name,
      others.name,
    ]);
  });
});

Deno.test("a unit that somebody else wrote is not overwritten", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/${timer.name}`, "[Timer]\nOnCalendar=hourly\n");
    await assert.rejects(planUnits(folder, "shop-live", [timer]), {
      message: `Refused to write ${folder}/${timer.name}: it is not a unit of Slipway's`,
    });
    await Deno.writeTextFile(`${folder}/${timer.name}`, unit(timer.name, "shop").text);
    await assert.rejects(planUnits(folder, "shop-live", [timer]), /it is one of shop$/);
  });
});
