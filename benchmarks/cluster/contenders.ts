import { join } from 'node:path';
import { pythonPeer } from '../peers/python-peer.ts';
import { bareProcesses, bareTimers } from './bare.ts';
import { runCommandStudy } from './command-study.ts';
import type { CommandStudy } from './programs.ts';
import { runProcessStudy } from './process-study.ts';
import type { Sleeping } from './span.ts';

/** A tuner that keeps slots busy with trials that sleep. */
export interface Contender {
  name: string;
  run(study: CommandStudy): Promise<Sleeping>;
  /** The share that a loop without a tuner reaches. */
  bare?(study: CommandStudy): Promise<number>;
}

/** The function of a library, with trials in its own process. */
export const inProcess: Contender = {
  name: 'in process',
  bare: bareTimers,
  run: (study) =>
    runProcessStudy([process.execPath, join(import.meta.dirname, './function-study.ts')], study),
};

/** The command, with a process for each trial. */
export const withProcesses: Contender = {
  name: '/bin/sleep',
  bare: bareProcesses,
  run: runCommandStudy,
};

const peers = {
  'optuna 5.0.0 threads': ['optuna-threads', 'optuna==5.0.0'],
  'optuna 5.0.0 journal': ['optuna-journal', 'optuna==5.0.0'],
  'optuna 5.0.0 sqlite': ['optuna-sqlite', 'optuna==5.0.0'],
  'dask 2026.8.0': ['dask', 'distributed==2026.8.0'],
  'ray tune 2.60.0': ['ray', 'ray[tune]==2.60.0'],
  'syne tune 0.16.0': ['syne-tune', 'syne-tune==0.16.0'],
} as const satisfies Record<string, readonly [string, string]>;

export type PeerName = keyof typeof peers;

/** Those of them whose environment can be had. After so many seconds they begin no more trials. */
export async function peerContenders(
  names: readonly PeerName[],
  seconds: number,
): Promise<Contender[]> {
  const script = join(import.meta.dirname, '../peers/cluster_utilization.py');
  const contenders: Contender[] = [];
  for (const name of names) {
    const [peer, requirement] = peers[name];
    const python = await pythonPeer([requirement]);
    if (python === undefined) continue;
    const argv = [python, script, peer, String(seconds)];
    contenders.push({ name, run: (study) => runProcessStudy(argv, study) });
  }
  return contenders;
}
