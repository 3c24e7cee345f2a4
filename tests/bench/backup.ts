import { SlipwayError } from "../../lib/core/errors.ts";
import { type Progress, step } from "../../lib/core/steps.ts";
import {
  type BenchDatabase,
  dropDatabase,
  eventsDatabase,
  pgbenchDatabase,
} from "./backup_data.ts";
import { type BackupGround, withBackupGround } from "./backup_ground.ts";
import { backupPeers, clearStore, dumpSum, restorePeer } from "./backup_peers.ts";
import type { Ground } from "./ground.ts";
import { ratios, rotated, type Series } from "./measure.ts";
import { timed } from "./timed.ts";
import { type Used, used } from "./usage.ts";

const part = "backup";

/** The most memory that a backup may take, whatever its size. */
export const wantedMemory: { atMost: number } = { atMost: 200 * 2 ** 20 };

const databases: readonly BenchDatabase[] = [
  pgbenchDatabase(20),
  pgbenchDatabase(100, { mostRuns: 3, restored: false }),
  eventsDatabase("1 GB of events", 1e9),
];

/** Back databases up, restore and verify them, by our tasks and by pipelines of programs. */
export async function measureBackup(
  ground: Ground,
  runs: number,
  chosen: readonly BenchDatabase[] = databases,
): Promise<Series[]> {
  const { context } = ground;
  return await withBackupGround(ground, async (own) => {
    const series: Series[] = [];
    for (const database of chosen) {
      const { name, label, mostRuns = runs, restored = true } = database;
      const count = Math.min(runs, mostRuns);
      await step(context, `Make ${label}`, () => database.make(own));
      const backups = await step(
        context,
        `Back up ${label}`,
        (progress) => measureBackups(own, database, count, progress),
      );
      series.push(...backups);
      if (restored) {
        series.push(
          ...await step(
            context,
            `Restore ${label}`,
            (progress) => measureRestores(own, database, count, progress),
          ),
        );
      }
      await dropDatabase(own, name);
    }
    return series;
  });
}

/** Back a database up by our task. */
export async function backUp(
  ground: BackupGround,
  database: string,
): Promise<Used & { sizeBytes: number }> {
  const usage = await used(await ground.task("backup-postgres", [database]), ground.signal);
  const { sizeBytes } = JSON.parse(usage.stdout.trimEnd().split("\n").at(-1)!) as {
    sizeBytes: number;
  };
  return { ...usage, sizeBytes };
}

async function measureBackups(
  ground: BackupGround,
  { name, label }: BenchDatabase,
  runs: number,
  progress: Progress,
): Promise<Series[]> {
  let sizeBytes = 0;
  const own = {
    name: "slipway",
    async run() {
      const usage = await backUp(ground, name);
      sizeBytes = usage.sizeBytes;
      return usage;
    },
  };
  const peers = backupPeers.map((peer) => ({
    ...peer,
    run: () => used(peer.command(ground, name), ground.signal),
  }));
  const taken = await inTurns([own, ...peers], runs, progress, async () => {
    await timed(clearStore(ground), ground.signal);
  });
  const [ours = [], ...theirs] = taken;
  const ms = (all: readonly Used[]) => all.map((usage) => usage.ms);
  return [
    ...[own, ...peers].flatMap((each, index): Series[] => [
      { part, name: `${label}, ${each.name}`, unit: "ms", values: ms(taken[index]!) },
      {
        part,
        name: `${label}, ${each.name}, processor time`,
        unit: "ms",
        values: taken[index]!.map(({ cpuMs }) => cpuMs),
      },
    ]),
    {
      part,
      name: `${label}, slipway, of the dump`,
      unit: "bytes/s",
      values: ms(ours).map((each) => sizeBytes / each * 1_000),
    },
    {
      part,
      name: `${label}, slipway, memory`,
      unit: "bytes",
      values: ours.map(({ peakRssBytes }) => peakRssBytes),
      wanted: wantedMemory,
    },
    ...peers.map((peer, index): Series => ({
      part,
      name: `${label}, ${peer.name} / slipway`,
      unit: "times",
      values: ratios(ms(theirs[index]!), ms(ours)),
      ...peer.wanted === undefined ? {} : { wanted: { atLeast: peer.wanted } },
    })),
  ];
}

async function measureRestores(
  ground: BackupGround,
  { name, label }: BenchDatabase,
  runs: number,
  progress: Progress,
): Promise<Series[]> {
  const { signal } = ground;
  const { sizeBytes } = await backUp(ground, name);
  await timed(backupPeers[0]!.command(ground, name), signal);
  const { stdout: wanted } = await timed(dumpSum(ground, name), signal);
  const target = `${name}_restored`;
  const ways = [
    {
      name: "restore-postgres",
      run: async () => used(await ground.task("restore-postgres", [name, "--to", target]), signal),
      restores: true,
    },
    {
      name: "rclone | age | zstd | pg_restore",
      run: () => used(restorePeer(ground, target), signal),
      restores: true,
    },
    {
      name: "verify-backups",
      run: async () => {
        const usage = await used(await ground.task("verify-backups", []), signal);
        if (usage.stdout.includes('"result":"restored"')) return usage;
        throw new SlipwayError(`Cannot go on: nothing was verified: ${usage.stdout.slice(-600)}`);
      },
      restores: false,
    },
  ];
  const taken = await inTurns(ways, runs, progress, async ({ name, restores }) => {
    if (!restores) return;
    const { stdout: found } = await timed(dumpSum(ground, target), signal);
    if (found !== wanted) {
      throw new SlipwayError(`Cannot go on: a dump of what ${name} restored differs`);
    }
    await dropDatabase(ground, target);
  });
  await timed(clearStore(ground), signal);
  const ms = (index: number) => taken[index]!.map((usage) => usage.ms);
  return [
    ...ways.flatMap(({ name }, index): Series[] => [
      { part, name: `${label}, ${name}`, unit: "ms", values: ms(index) },
    ]),
    ...ways.filter((_, index) => index !== 1).map(({ name }, index): Series => ({
      part,
      name: `${label}, ${name}, memory`,
      unit: "bytes",
      values: taken[index === 0 ? 0 : 2]!.map(({ peakRssBytes }) => peakRssBytes),
    })),
    {
      part,
      name: `${label}, restore-postgres, of the dump`,
      unit: "bytes/s",
      values: ms(0).map((each) => sizeBytes / each * 1_000),
    },
    {
      part,
      name: `${label}, ${ways[1]!.name} / restore-postgres`,
      unit: "times",
      values: ratios(ms(1), ms(0)),
    },
  ];
}

/** Run each so many times, in an order that moves on, after one time that does not count. */
async function inTurns<T extends { name: string; run: () => Promise<Used> }>(
  ways: readonly T[],
  runs: number,
  progress: Progress,
  after: (way: T) => Promise<void>,
): Promise<Used[][]> {
  const taken: Used[][] = ways.map(() => []);
  let done = 0;
  for (let run = 0; run <= runs; run++) {
    for (const way of rotated(ways, run)) {
      const round = run === 0 ? "warm-up" : `run ${run}`;
      progress(`${round}, ${way.name}`, done++, (runs + 1) * ways.length);
      const usage = await way.run();
      await after(way);
      if (run > 0) taken[ways.indexOf(way)]!.push(usage);
    }
  }
  return taken;
}
