// The worker's half of the wire (DESIGN §8, §15.9). Numbers that JSON cannot carry travel as strings.

import { attemptEnds } from '@fleetune/core';
import { Type, type Static } from 'typebox';

/** Version of the worker protocol: a worker and a coordinator of different versions refuse each other. */
export const PROTOCOL = 1;

export const WireNumber = Type.Union([
  Type.Number(),
  Type.Literal('NaN'),
  Type.Literal('Infinity'),
  Type.Literal('-Infinity'),
]);

const Name = Type.String({ minLength: 1, maxLength: 200 });

/** No slash: names that have one are the coordinator's own. */
export const WorkerName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,199}$' });

const Count = Type.Integer({ minimum: 0 });
/** A worker's monotonic clock, in microseconds: a century and a half, so that sums of times stay exact. */
const Micros = Type.Integer({ minimum: 0, maximum: 2 ** 52 });
const ParamValue = Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]);

const ReportColumns = Type.Object({
  step: Type.Array(WireNumber, { minItems: 1, maxItems: 100_000 }),
  metrics: Type.Record(Type.String(), Type.Array(Type.Union([WireNumber, Type.Null()]))),
});

const Attempt = { study: Name, trial: Count, attempt: Type.Integer({ minimum: 1 }) };

export const Ended = Type.Object({
  ...Attempt,
  end: Type.Enum([...attemptEnds]),
  /** A sentence of the worker's: what it saw (`exited with 1`, `no report for 2m`). */
  why: Type.String({ maxLength: 1000 }),
  exit: Type.Optional(
    Type.Object({ code: Type.Optional(Type.Integer()), signal: Type.Optional(Type.String()) }),
  ),
  tail: Type.Optional(Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 100 })),
  slot: Count,
  spawnedUs: Micros,
  exitedUs: Micros,
  /** The study's setup failed on this host and the program was not started: the host's fault, not the trial's. */
  setupFailed: Type.Optional(Type.Literal(true)),
  /** Of the time before `spawnedUs`, what the study's setup took: start-up, not a gap. */
  setupUs: Type.Optional(Micros),
});

export const Reports = Type.Object({ ...Attempt, from: Count, columns: ReportColumns });

export const ExchangeRequest = Type.Object({
  protocol: Type.Integer(),
  worker: WorkerName,
  /** New with every registration: whatever an older one sent is refused. */
  incarnation: Name,
  /** Ascends with every new exchange; a retry repeats it, and its items count once. */
  seq: Type.Integer({ minimum: 1 }),
  /** The worker's monotonic clock, microseconds since its process began. */
  nowUs: Micros,
  ended: Type.Array(Ended),
  reports: Type.Array(Reports),
  /** Slots that can take a trial now. */
  free: Type.Array(Count),
  /** Busy slots that can take one unstarted trial, which waits behind the present one. */
  reserve: Type.Optional(Type.Array(Count)),
  /** How long the answer may wait for a trial or a command. 0: at once. */
  waitMs: Type.Integer({ minimum: 0, maximum: 60_000 }),
  /** Until the worker drains itself, since its allocation ends. Absent: as far as it knows it has no end. */
  leftMs: Type.Optional(Type.Number({ minimum: 0 })),
  /** True once the worker takes no more trials; with no live attempt and no free slot it is about to leave. */
  draining: Type.Optional(Type.Boolean()),
  /** The worker's last word: closes its account. */
  leaving: Type.Optional(Type.Boolean()),
});

/** What a worker needs to run a trial: part of the StudySpec, as it is there. */
export const Program = Type.Object({
  command: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.Union([Type.String(), Type.Array(Type.String())]))]),
  ),
  cwd: Type.String(),
  env: Type.Record(
    Type.String(),
    Type.Union([
      Type.String(),
      Type.Object({
        from: Type.Union([Type.Literal('file'), Type.Literal('env')]),
        name: Type.String(),
      }),
    ]),
  ),
  metrics: Type.Union([
    Type.Object({ from: Type.Literal('stdout-json') }),
    Type.Object({
      from: Type.Literal('regex'),
      patterns: Type.Record(Type.String(), Type.String()),
    }),
    Type.Object({ from: Type.Literal('file'), path: Type.String() }),
  ]),
  /** Names of metrics to keep: the objective first. */
  kept: Type.Array(Type.String(), { minItems: 1 }),
  /** The key of the step in reports, when the study has a fidelity. */
  fidelity: Type.Optional(Type.String()),
  limits: Type.Object({
    trialMs: Type.Optional(Type.Number()),
    silenceMs: Type.Optional(Type.Number()),
    graceMs: Type.Number(),
  }),
  /** Folder of the study's trial files: parameters, logs, checkpoints. */
  files: Type.String(),
  /** Run once per host, folder and content before the study's first trial there. Absent: nothing to do, or done. */
  setup: Type.Optional(Type.Array(Type.Array(Type.String()))),
});

export const Assignment = Type.Object({
  ...Attempt,
  slot: Count,
  /** Of the trial: an attempt of a deleted study has the same numbers as one of its successor. */
  createdAt: Type.Number(),
  /** The slot is busy: the trial waits, unstarted and returnable, for the end of the present one. */
  reserve: Type.Optional(Type.Literal(true)),
  params: Type.Record(Type.String(), ParamValue),
  fidelityTarget: Type.Optional(Type.Number()),
  /** The attempt may go on without any answer for this long. */
  leaseMs: Type.Number(),
  program: Program,
});

export const WorkerCommand = Type.Union([
  Type.Object({ command: Type.Literal('stop'), ...Attempt, reason: Type.String() }),
  /** The program is asked to write a checkpoint, and goes on. */
  Type.Object({ command: Type.Literal('checkpoint'), ...Attempt, reason: Type.String() }),
  /** Gives a reserve back if it has not begun: it ends as preempted. */
  Type.Object({ command: Type.Literal('return'), ...Attempt, reason: Type.String() }),
  Type.Object({ command: Type.Literal('drain'), reason: Type.String() }),
  /** End every attempt now and leave. */
  Type.Object({ command: Type.Literal('quit'), reason: Type.String() }),
]);

export const ExchangeResponse = Type.Object({
  seq: Type.Integer(),
  trials: Type.Array(Assignment),
  commands: Type.Array(WorkerCommand),
  /** Items that were not taken, with the error's code: `attempt.stale` means drop the attempt. */
  rejected: Type.Array(Type.Object({ ...Attempt, code: Type.String() })),
  /** No other trials are to come than those that wait behind others: a slot that gets free can have one of these. */
  scarce: Type.Optional(Type.Literal(true)),
});

export const RegisterRequest = Type.Object({
  protocol: Type.Integer(),
  worker: WorkerName,
  incarnation: Name,
  host: Type.String({ maxLength: 255 }),
  pid: Type.Integer(),
  slots: Type.Integer({ minimum: 1, maximum: 10_000 }),
  /** The worker's clock, where its time up to now is in the account of an earlier registration. Absent: 0. */
  nowUs: Type.Optional(Micros),
});

export const RegisterResponse = Type.Object({ leaseMs: Type.Number() });

export type WireNumber = Static<typeof WireNumber>;
export type Ended = Static<typeof Ended>;
export type Reports = Static<typeof Reports>;
export type Program = Static<typeof Program>;
export type Assignment = Static<typeof Assignment>;
export type WorkerCommand = Static<typeof WorkerCommand>;
export type ExchangeRequest = Static<typeof ExchangeRequest>;
export type ExchangeResponse = Static<typeof ExchangeResponse>;
export type RegisterRequest = Static<typeof RegisterRequest>;
export type RegisterResponse = Static<typeof RegisterResponse>;

/** How a worker reaches its coordinator: over HTTP, or directly in one process. Throws FleetuneError; retryable ones are retried. */
export interface CoordinatorLink {
  register(request: RegisterRequest): Promise<RegisterResponse>;
  /** Whoever can hang up looks at `call.signal`: it is made when somebody asks for it. */
  exchange(
    request: ExchangeRequest,
    call?: Pick<AbortController, 'signal'>,
  ): Promise<ExchangeResponse>;
}
