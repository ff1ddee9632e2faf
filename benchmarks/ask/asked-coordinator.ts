// The process of one study of the benchmark `ask`: `node asked-coordinator.ts DATABASE SAMPLER TRIALS`, with its
// database on disk and that many trials in its history. Says where it is, and on a message how it went.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createCoordinator, oneToken, serveHttp, type StudyHost } from '@fleetune/coordinator';
import { advisorThreads } from '@fleetune/coordinator/advisor';
import { sqliteStore } from '@fleetune/coordinator/store';
import {
  createSampler,
  searchSpace,
  type AdvisorStatus,
  type Parameter,
  type Params,
  type SamplerSpec,
  type StudyCommand,
  type StudySpec,
} from '@fleetune/core';
import { systemClock } from '@fleetune/platform/node';

export interface Place {
  url: string;
  token: string;
}

export interface Went {
  advisor: AdvisorStatus;
  /** Of the event loop, since the last question. */
  delayP99Ms: number;
}

const [database = '', sampler = '', trials = ''] = process.argv.slice(2);
const token = 'bench';
const DIMENSIONS = 10;
/** A delay is what a timer of so long takes longer. */
const RESOLUTION_MS = 1;

const spec: StudySpec = {
  name: 'ask',
  objective: { metric: 'loss', direction: 'minimize' },
  space: Array.from({ length: DIMENSIONS }, (_, i): Parameter => {
    return { name: `x${i}`, type: 'float', low: 0, high: 1, log: false };
  }),
  constraints: [],
  sampler: JSON.parse(sampler) as SamplerSpec,
  scheduler: { type: 'fifo' },
  budget: {},
  setup: [],
  cwd: '/',
  env: {},
  metrics: { from: 'stdout-json' },
  extraMetrics: [],
  resources: { cpus: 1, gpus: 0 },
  engine: { type: 'local', slots: 8 },
  limits: { graceMs: 5000 },
  retries: { crashed: 0 },
  seed: 1,
  reproducible: false,
};

const entry = new URL('../../packages/fleetune/session/advisor-thread.ts', import.meta.url);
const coordinator = createCoordinator(
  sqliteStore(database),
  systemClock,
  advisorThreads(fileURLToPath(entry)),
);
const host = await coordinator.open(spec);
void coordinator.run(host, { keepGoing: true, files: '/', shared: true });
fill(host, Number(trials));
await host.commit();
const { url } = await serveHttp(coordinator, {
  access: oneToken(token),
  host: '127.0.0.1',
  port: 0,
  version: 'bench',
});

const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();
process.on('message', () => {
  const delayP99Ms = delays.percentile(99) / 1e6 - RESOLUTION_MS;
  const went: Went = { advisor: host.advisor()!, delayP99Ms };
  process.send!(went);
  delays.reset();
});
process.send!({ url, token } satisfies Place);

/** Trials drawn at random, each completed. */
function fill(study: StudyHost, count: number): void {
  const random = createSampler({ type: 'random' }, searchSpace(spec.space, []), 1);
  apply(study, { kind: 'worker-joined', worker: 'filler', host: 'here', pid: 1, slots: 1 });
  for (let trial = 0; trial < count; trial++) {
    const { params } = random.suggest(trial) as { params: Params };
    const loss = Object.values(params).reduce<number>((sum, x) => sum + (Number(x) - 0.3) ** 2, 0);
    apply(study, { kind: 'enqueue', params });
    apply(study, { kind: 'start-attempt', worker: 'filler' });
    const columns = { step: [1], metrics: { loss: [loss] } };
    study.report([{ trial, attempt: 1, from: 0, columns }]);
    apply(study, { kind: 'end-attempt', trial, attempt: 1, end: 'completed' });
  }
  apply(study, { kind: 'worker-left', worker: 'filler', how: 'left', atUs: 0, idle: [] });
}

function apply(study: StudyHost, command: StudyCommand & Parameters<StudyHost['apply']>[0]): void {
  const refused = study.apply(command);
  if (refused !== undefined) throw new Error(refused.message);
}
