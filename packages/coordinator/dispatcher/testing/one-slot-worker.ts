import { readStudy, studyStatus, type StudySpec } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { PROTOCOL, type ExchangeRequest } from '@fleetune/protocol';
import { createCoordinator } from '../../coordinator.ts';
import { memoryStore } from '../../store/index.ts';
import type { StudyHost } from '../../study-host.ts';

/** A coordinator and one worker with one slot, which all its studies share. */
export function oneSlotWorker() {
  const clock = manualClock();
  const coordinator = createCoordinator(memoryStore(), clock);
  const { dispatcher } = coordinator;
  const identity = { protocol: PROTOCOL, worker: 'w', incarnation: 'i' };
  let seq = 0;
  const nowUs = () => Math.round(clock.monotonic() * 1000);
  const startUs = nowUs();
  return {
    clock,
    begin: async (name: string) => {
      const host = await coordinator.open(specOf(name));
      void coordinator.run(host, { keepGoing: true, files: '/tmp', shared: true });
      await settled();
      return host;
    },
    register: () => dispatcher.register({ ...identity, host: 'h', pid: 1, slots: 1 }),
    exchange: (parts: Partial<ExchangeRequest>) => {
      seq += 1;
      const own = { ...identity, seq, nowUs: nowUs() - startUs, waitMs: 0 };
      return dispatcher.exchange({ ...own, ended: [], reports: [], free: [], ...parts });
    },
    ended: (study: string, trial: number, spawnedUs: number, exitedUs: number) => ({
      ...{ study, trial, attempt: 1, slot: 0, end: 'completed' as const, why: 'exited with 0' },
      ...{ spawnedUs, exitedUs },
    }),
    usedBy: (host: StudyHost) =>
      studyStatus(host.state, clock.now(), dispatcher.live(host)).utilization,
  };
}

function specOf(name: string): StudySpec {
  const raw = {
    name,
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: 9 },
    command: ['true'],
  };
  const read = readStudy(raw, { cwd: '/tmp', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
