import type { Measured } from '../harness/bench.ts';
import { median } from '../harness/median.ts';
import { inProcess, withProcesses, type Contender } from './contenders.ts';
import { heavyTailedSleeps } from './sleeps.ts';
import { shareOfGreedy } from './span.ts';

export interface Race {
  slots: number;
  trials: number;
  runs: number;
  peers: readonly Contender[];
}

/** Everybody keeps the same slots busy with the same sleeps, one after the other, run by run. */
export async function* race({ slots, trials, runs, peers }: Race): AsyncIterable<Measured> {
  const sleeps = heavyTailedSleeps(trials);
  const contenders = [inProcess, withProcesses, ...peers];
  const shares = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  const floors = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  const startUps = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    for (const { name, run: sleep, bare } of contenders) {
      if (bare !== undefined) floors.get(name)!.push(await bare({ slots, sleeps }));
      const { spans, startUpMs } = await sleep({ slots, sleeps });
      shares.get(name)!.push(shareOfGreedy(spans, sleeps, slots));
      startUps.get(name)!.push(startUpMs);
    }
  }
  const ofPeers = (figures: Map<string, number[]>): Record<string, number> =>
    Object.fromEntries(peers.map(({ name }) => [name, median(figures.get(name)!)]));
  const goals = [
    { name: inProcess.name, goal: 99 },
    { name: withProcesses.name, goal: 98 },
  ];
  for (const { name, goal } of goals) {
    const value = median(shares.get(name)!);
    const [unit, better] = ['%', 'higher'] as const;
    yield {
      case: `${slots} slots, ${name}`,
      value,
      goal,
      unit,
      better,
      runs,
      peers: ofPeers(shares),
      floor: median(floors.get(name)!),
    };
  }
  for (const { name } of goals) {
    const value = median(startUps.get(name)!);
    const [unit, better] = ['ms', 'lower'] as const;
    const others = ofPeers(startUps);
    yield { case: `${slots} slots, ${name}, start-up`, value, unit, better, runs, peers: others };
  }
}
