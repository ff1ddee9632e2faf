// A coordinator in memory for the worker's tests: hands out a list of trials, keeps what it is told, and can lose
// requests and answers on the way.

import { fail } from '@fleetune/core';
import type {
  Assignment,
  CoordinatorLink,
  Ended,
  ExchangeRequest,
  ExchangeResponse,
  RegisterRequest,
  WireNumber,
  WorkerCommand,
} from '@fleetune/protocol';

export interface FakeCoordinator {
  readonly link: CoordinatorLink;
  /** Rows per trial and attempt (`3.1`), as they arrived, each once. */
  readonly rows: Map<string, { step: WireNumber; metrics: Record<string, WireNumber | null> }[]>;
  readonly ended: Ended[];
  readonly requests: ExchangeRequest[];
  readonly registered: RegisterRequest[];
  offer(...trials: Omit<Assignment, 'slot'>[]): void;
  send(command: WorkerCommand): void;
  /** From now on this attempt is somebody else's. */
  makeStale(trial: number, attempt: number): void;
  /** The slot's attempt will not be heard of again. */
  free(slot: number): void;
  /** The next exchange is answered as if the worker had never registered. */
  forget(): void;
  /** Sends a trial for a slot, whether it is free or not. */
  force(assignment: Assignment): void;
  /** Resolves at the first moment, checked after every exchange, at which the condition holds. */
  until(condition: () => boolean): Promise<void>;
  /** Everything offered has ended. */
  finished(): Promise<void>;
}

export interface FakeOptions {
  /** Called before a request is heard, and before its answer is sent: throw to lose it. */
  network?: (way: 'request' | 'answer', request: ExchangeRequest) => void;
  /** Hands out reserves to busy slots that can take one. */
  reserves?: boolean;
  /** Says that no trials are to come but reserves. */
  scarce?: boolean;
  /** Called with each new row; the answer of that exchange carries what it returns. */
  onRow?: (trial: number, step: WireNumber) => WorkerCommand | undefined;
}

interface Poll {
  request: ExchangeRequest;
  resolve: (response: ExchangeResponse) => void;
}

export function fakeCoordinator(options: FakeOptions = {}): FakeCoordinator {
  const answers = new Map<number, Promise<ExchangeResponse>>();
  const rows: FakeCoordinator['rows'] = new Map();
  const ended: Ended[] = [];
  const requests: ExchangeRequest[] = [];
  const registered: RegisterRequest[] = [];
  const queue: Omit<Assignment, 'slot'>[] = [];
  const stale = new Set<string>();
  /** Live trials of each slot: the present one, and its reserve. */
  const taken = new Map<number, string[]>();
  const forced: Assignment[] = [];
  let commands: WorkerCommand[] = [];
  let forgotten = false;
  let highest = 0;
  let offered = 0;
  let poll: Poll | undefined;
  let waiting: { condition: () => boolean; resolve: () => void }[] = [];

  function answer(request: ExchangeRequest, rejected: ExchangeResponse['rejected']) {
    const trials = forced.splice(0);
    const hand = (slot: number, most: number): void => {
      const there = taken.get(slot) ?? [];
      const trial = there.length < most ? queue.shift() : undefined;
      if (trial === undefined) return;
      taken.set(slot, [...there, nameOf(trial)]);
      trials.push({ ...trial, slot, ...(there.length > 0 && { reserve: true as const }) });
    };
    for (const slot of request.free) hand(slot, 1);
    if (options.reserves) for (const slot of request.reserve ?? []) hand(slot, 2);
    const told = commands;
    commands = [];
    const scarce = options.scarce && ({ scarce: true } as const);
    return { seq: request.seq, trials, commands: told, rejected, ...scarce };
  }

  function take(request: ExchangeRequest): ExchangeResponse['rejected'] {
    const rejected: ExchangeResponse['rejected'] = [];
    for (const { study, trial, attempt, from, columns } of request.reports) {
      if (stale.has(nameOf({ trial, attempt }))) {
        rejected.push({ study, trial, attempt, code: 'attempt.stale' });
        continue;
      }
      const known = rows.get(`${trial}.${attempt}`) ?? [];
      rows.set(`${trial}.${attempt}`, known);
      if (from !== known.length) throw new Error(`rows from ${from} after ${known.length}`);
      columns.step.forEach((step, i) => {
        const metrics = Object.entries(columns.metrics).map(([name, values]) => [name, values[i]!]);
        known.push({ step, metrics: Object.fromEntries(metrics) as Record<string, WireNumber> });
        const command = options.onRow?.(trial, step);
        if (command) commands.push(command);
      });
    }
    for (const item of request.ended) {
      const there = taken.get(item.slot) ?? [];
      taken.set(
        item.slot,
        there.filter((name) => name !== nameOf(item)),
      );
      ended.push(item);
    }
    return rejected;
  }

  function hear(request: ExchangeRequest): Promise<ExchangeResponse> {
    requests.push(request);
    if (poll) {
      poll.resolve(answer({ ...poll.request, free: [], reserve: [] }, []));
      poll = undefined;
    }
    const response = answer(request, take(request));
    const idle = response.trials.length + response.commands.length === 0;
    if (request.waitMs === 0 || !idle) return Promise.resolve(response);
    return new Promise((resolve) => (poll = { request, resolve }));
  }

  function wake(): void {
    if (!poll || queue.length + commands.length + forced.length === 0) return;
    const response = answer(poll.request, []);
    if (response.trials.length + response.commands.length === 0) return;
    poll.resolve(response);
    poll = undefined;
  }

  function check(): void {
    for (const { condition, resolve } of waiting) if (condition()) resolve();
    waiting = waiting.filter(({ condition }) => !condition());
  }

  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ condition, resolve });
      check();
    });

  return {
    rows,
    ended,
    requests,
    registered,
    link: {
      register(request) {
        registered.push(request);
        forgotten = false;
        return Promise.resolve({ leaseMs: 15_000 });
      },
      async exchange(request) {
        options.network?.('request', request);
        if (forgotten) throw fail('worker.unknown', '', { worker: request.worker });
        let known = answers.get(request.seq);
        if (known === undefined) {
          if (request.seq < highest) throw fail('worker.sequence', 'seq', { seq: request.seq });
          highest = request.seq;
          known = hear(request);
          answers.set(request.seq, known);
        }
        const response = await known;
        options.network?.('answer', request);
        queueMicrotask(check);
        return response;
      },
    },
    offer(...trials) {
      offered += trials.length;
      queue.push(...trials);
      wake();
    },
    send(command) {
      commands.push(command);
      wake();
    },
    free(slot) {
      taken.delete(slot);
      wake();
    },
    forget: () => void (forgotten = true),
    force(assignment) {
      forced.push(assignment);
      wake();
    },
    makeStale: (trial, attempt) => void stale.add(nameOf({ trial, attempt })),
    until,
    finished: () => until(() => ended.length >= offered),
  };
}

function nameOf({ trial, attempt }: { trial: number; attempt: number }): string {
  return `${trial}.${attempt}`;
}
