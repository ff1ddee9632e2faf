// A study that really happened, but for its program: commands decided, events folded.

import {
  createSampler,
  decide,
  emptyStudy,
  evolve,
  nextWork,
  readStudy,
  replay,
  searchSpace,
  studyStatus,
  type StudyCommand,
  type StudyEvent,
  type StudySpec,
  type StudyState,
  type StudyStatus,
} from '@fleetune/core';
import { studyRow, trialRow } from '@fleetune/coordinator';
import { sqliteStore } from '@fleetune/coordinator/store';
import { NOW } from './sample-status.ts';

const TRIALS = 9;
const STEPS = 9;
const START = NOW - 42_000;

export const recordedFile = {
  name: 'recorded',
  objective: { metric: 'loss', direction: 'minimize' },
  space: {
    x: { type: 'float', low: 0, high: 1, default: 0.9 },
    kind: { type: 'categorical', choices: ['plain', 'with, comma', 'with "quotes"'] },
  },
  fidelity: { metric: 'epoch', min: 1, max: STEPS },
  budget: { trials: TRIALS },
  command: ['python3', 'train.py', '{params}'],
  seed: 1,
};

export interface Recording {
  spec: StudySpec;
  state: StudyState;
  events: StudyEvent[];
}

export function recordStudy(cwd = '/study'): Recording {
  const read = readStudy(recordedFile, { cwd, seed: 0 });
  if ('errors' in read) throw new AggregateError(read.errors);
  const { spec } = read;
  const sampler = createSampler({ type: 'random' }, searchSpace(spec.space, []), 1);
  const events: StudyEvent[] = [];
  let state = emptyStudy();
  let at = START;
  const take = (command: StudyCommand): StudyEvent[] => {
    at += 100;
    const outcome = decide(state, command, at);
    if ('refused' in outcome) throw new Error(`${command.kind}: ${outcome.refused.message}`);
    const taken = outcome.events.map((body, i) => ({ id: state.lastEvent + 1 + i, at, ...body }));
    for (const event of taken) state = evolve(state, event);
    events.push(...taken);
    return taken;
  };
  take({ kind: 'create', spec });
  take({ kind: 'start-run', slots: 1, keepGoing: false });
  take({ kind: 'worker-joined', worker: 'w', host: 'here', pid: 1, slots: 1 });
  let next = nextWork(state, at);
  for (let round = 0; next.work !== 'finished'; round++, next = nextWork(state, at)) {
    const suggestion = next.work === 'suggest' ? sampler.suggest(next.trial) : undefined;
    if (suggestion !== undefined && 'exhausted' in suggestion) throw new Error('exhausted');
    const started = { kind: 'start-attempt', worker: 'w', slot: 0 } as const;
    const events = take(suggestion === undefined ? started : { ...started, suggestion });
    const attempt = events.find((event) => event.kind === 'attempt-started')!;
    runAttempt({ ...attempt, round, x: Number(state.trials[attempt.trial]!.params.x) }, take);
  }
  take({ kind: 'end-run', end: next.end, reason: next.reason });
  return { spec, state, events };
}

interface Attempt {
  trial: number;
  attempt: number;
  round: number;
  x: number;
}

/** Trial 3 crashes without a word; the others report until they are told to stop. */
function runAttempt(
  { trial, attempt, round, x }: Attempt,
  take: (command: StudyCommand) => StudyEvent[],
): void {
  const spawnedUs = round * 1_000_000 + 50_000;
  const use = { worker: 'w', slot: 0, spawnedUs, exitedUs: spawnedUs + 900_000 };
  const ended = { kind: 'end-attempt', trial, attempt, use } as const;
  if (trial === 3) {
    const tail = ['Traceback:', 'ValueError: "x", is out of reach'];
    take({ ...ended, end: 'crashed', exit: { code: 1 }, tail });
    return;
  }
  for (let step = 1; step <= STEPS; step++) {
    const columns = { step: [step], metrics: { loss: [x + 1 / step] } };
    const items = [{ trial, attempt, from: step - 1, columns }];
    const answer = take({ kind: 'report', items });
    if (answer.some(({ kind }) => kind === 'stop-requested')) {
      take({ ...ended, end: 'stopped', exit: { signal: 'SIGTERM' } });
      return;
    }
  }
  take({ ...ended, end: 'completed', exit: { code: 0 } });
}

export function recordedStatus(): StudyStatus {
  const { state } = recordStudy();
  return studyStatus(state, state.lastAt);
}

/** Writes the recording, or the events up to `until` of it, into a new database. */
export async function recordedDatabase(
  path: string,
  cwd: string,
  until = Infinity,
): Promise<Recording> {
  const { spec, events: all } = recordStudy(cwd);
  const events = all.filter(({ id }) => id <= until);
  const state = replay(events);
  const store = sqliteStore(path);
  const { id } = store.createStudy(spec.name, spec, events[0]!.at);
  const trials = state.trials.map(({ number }) => trialRow(state, number));
  await store.append(() => ({ study: id, events, row: studyRow(state), trials }));
  await store.close();
  return { spec, state, events };
}
