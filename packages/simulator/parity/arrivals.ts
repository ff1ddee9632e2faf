// Parity: what a real run heard, in the order in which it heard it, is told to a coordinator under virtual time. Whoever
// made the same log again has decided the same.

import type { StudyEvent } from '@fleetune/core';
import { createCoordinator, type Coordinator, type StudyHost } from '@fleetune/coordinator';
import { memoryStore } from '@fleetune/coordinator/store';
import { manualClock } from '@fleetune/platform/manual';
import { settled } from '@fleetune/platform/testing';
import { PROTOCOL, type ExchangeRequest } from '@fleetune/protocol';

type Of<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

/** The log of a coordinator that heard what made `log`: of one run, whose lost workers came again under their names. */
export async function replayArrivals(log: readonly StudyEvent[]): Promise<StudyEvent[]> {
  const [created] = log as [Of<'study-created'>];
  const clock = manualClock(created.at);
  const store = memoryStore();
  const coordinator = createCoordinator(store, clock);
  const host = await coordinator.open(created.spec);
  const shared = log.some((event) => event.kind === 'worker-joined' && event.shared === true);
  const teller = newTeller(coordinator, host, shared);
  for (const event of log) {
    clock.advance(Math.max(0, event.at - clock.now()));
    // What follows from something that was told already has happened, or will be missed by whoever compares.
    if (host.state.lastEvent < event.id) teller(event, log);
    await settled();
  }
  return [...store.events(host.id, 0)];
}

/** What the study adds to the worker's own sentence. */
const AGAIN = /, after \d+ retr(y|ies)$/;

function newTeller(coordinator: Coordinator, host: StudyHost, shared: boolean) {
  const { dispatcher } = coordinator;
  const workers = new Map<string, { incarnation: string; seq: number; nowUs: number }>();

  function say(worker: string, facts: Partial<ExchangeRequest>): void {
    const known = workers.get(worker)!;
    known.seq += 1;
    known.nowUs = Math.max(known.nowUs, facts.nowUs ?? 0);
    const { incarnation, seq, nowUs } = known;
    const nothing = { reports: [], ended: [], free: [], waitMs: 0 };
    const words = { protocol: PROTOCOL, worker, incarnation, seq, ...nothing, ...facts, nowUs };
    void dispatcher.exchange(words);
  }

  /** Makes the fact known that brought the event about. */
  return (event: StudyEvent, log: readonly StudyEvent[]): void => {
    const study = host.name;
    switch (event.kind) {
      case 'run-started': {
        const { slots, keepGoing } = event;
        void coordinator.run(host, { slots, keepGoing, files: '/', shared });
        return;
      }
      case 'worker-joined': {
        const { worker, host: machine, pid, slots, incarnation = 'one', nowUs = 0 } = event;
        workers.set(worker, { incarnation, seq: 0, nowUs });
        const words = { worker, host: machine, pid, slots, incarnation, nowUs };
        void dispatcher.register({ protocol: PROTOCOL, ...words });
        return;
      }
      case 'trial-created':
      case 'attempt-started': {
        const { worker, slot, reserve } = startOf(event, log);
        return say(worker, reserve ? { reserve: [slot] } : { free: [slot] });
      }
      case 'reports': {
        const [{ trial, attempt }] = event.items as [Of<'reports'>['items'][number]];
        const reports = event.items.map((item) => ({ study, ...item }));
        return say(host.state.trials[trial]!.attempts[attempt - 1]!.worker, { reports });
      }
      case 'study-paused':
        return void coordinator.control(host, { kind: 'pause-study', reason: event.reason });
      case 'study-resumed':
        return void coordinator.control(host, { kind: 'resume-study', reason: event.reason });
      case 'spec-changed':
        return void coordinator.open(event.spec);
      case 'attempt-ended': {
        // Whoever comes again under its name has lost what it ran.
        if (event.end === 'lost') return;
        const { trial, attempt, told, end, reason, exit, tail, use } = event;
        const { worker, slot } = host.state.trials[trial]!.attempts[attempt - 1]!;
        const { spawnedUs = 0, exitedUs = 0 } = use ?? {};
        const times = { spawnedUs, exitedUs, slot };
        const words = {
          end: told ?? end,
          why: reason.text.replace(AGAIN, ''),
          ...(exit && { exit }),
          ...(tail && { tail }),
        };
        // Nobody is believed who says an end of later than now.
        return say(worker, {
          ended: [{ study, trial, attempt, ...words, ...times }],
          nowUs: exitedUs,
        });
      }
      case 'worker-left':
        // Those of several studies stay when one of these ends.
        if (shared || event.how === 'lost') return;
        return say(event.worker, { leaving: true, nowUs: event.atUs });
      default:
      // It follows from something else, and is missed by whoever compares when it did not.
    }
  };
}

/** Where the new trial's first attempt, or this very attempt, was started. */
function startOf(
  { trial, id }: Of<'trial-created'> | Of<'attempt-started'>,
  log: readonly StudyEvent[],
): Of<'attempt-started'> {
  const start = log.find(
    (event) => event.id >= id && event.kind === 'attempt-started' && event.trial === trial,
  );
  return start as Of<'attempt-started'>;
}

/** What of the log was decided, and not measured. */
export function decisions(log: Iterable<StudyEvent>): unknown[] {
  return [...log].map((event) => {
    const { at: _at, ...rest } = event;
    if (rest.kind === 'attempt-ended') {
      const { waits: _waits, ...ended } = rest;
      return ended;
    }
    if (rest.kind === 'worker-left') {
      // Its clock at its last word, which may have been a poll that the log does not have.
      const { idle: _idle, atUs: _atUs, ...left } = rest;
      return left;
    }
    return rest;
  });
}
