// The half of the wire for people and programs: studies, trials and workers as resources (DESIGN §8). The types of
// what is read are core's own; the schemas here say the same to whoever reads the OpenAPI document.

import { trialStates, type ErrorInfo, type StudyEvent, type StudySpec } from '@fleetune/core';
import { Type, type Static, type TSchema } from 'typebox';
import { WireNumber } from './exchange.ts';

export const Count = Type.Integer({ minimum: 0 });
export const TimeMs = Type.Number({ description: 'Milliseconds since 1970.' });

export const ParamValue = Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]);

export const Params = Type.Record(Type.String(), ParamValue, {
  description: 'The values of one trial, by the name of the parameter; inactive ones are absent.',
});

export const TrialState = Type.Enum([...trialStates]);

/** A record by name. Typebox's own, of an enum, takes milliseconds of every start of a command. */
export function each<K extends string, S extends TSchema>(names: readonly K[], schema: S) {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<K, S>;
}

export const TrialCounts = Type.Object(each(trialStates, Count), {
  description: 'Number of trials by state.',
});

/** Why something is as it is: a code for programs, a sentence for people. */
export const Reason = Type.Object({ code: Type.String(), text: Type.String() });

/** One of the table's errors: docs/reference/errors.md explains each code. */
export const ErrorResponse = Type.Unsafe<ErrorInfo>(
  Type.Object({
    code: Type.String(),
    place: Type.String({ description: 'Where it is, as `body.budget.trials`; may be empty.' }),
    message: Type.String(),
    remedy: Type.String(),
    retryable: Type.Boolean({ description: 'The same request can succeed later.' }),
    data: Type.Object({}, { additionalProperties: true }),
    errors: Type.Optional(
      Type.Array(Type.Object({}, { additionalProperties: true }), {
        description: 'All of them, in the same form, where one input has several.',
      }),
    ),
  }),
);

const Incumbent = Type.Object({
  trial: Count,
  value: WireNumber,
  step: Type.Optional(Type.Number({ description: 'The fidelity at which it leads.' })),
});

export const StudySummary = Type.Object({
  name: Type.String(),
  spec: Type.Unsafe<StudySpec>(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'What its study file says, with every default filled in.',
      },
    ),
  ),
  state: Type.Enum(['created', 'running', 'ended']),
  createdAt: TimeMs,
  lastEvent: Count,
  trials: TrialCounts,
  incumbent: Type.Optional(Incumbent),
  unreadable: Type.Optional(ErrorResponse),
});

const trialProperties = {
  number: Count,
  state: TrialState,
  params: Params,
  attempts: Type.Integer({ minimum: 0, description: 'So many have begun.' }),
  sampler: Type.String({ description: 'What proposed it; `user`: a person.' }),
  value: Type.Optional(WireNumber),
  step: Type.Optional(Type.Number({ description: 'The fidelity of the value.' })),
  metrics: Type.Record(Type.String(), WireNumber, { description: 'Last values of all metrics.' }),
  reports: Count,
  createdAt: TimeMs,
  startedAt: Type.Optional(TimeMs),
  endedAt: Type.Optional(TimeMs),
  reason: Type.String({ description: 'Why it is in this state.' }),
  tail: Type.Optional(
    Type.Array(Type.String(), { description: 'Last lines of the last attempt that failed.' }),
  ),
};

export const TrialView = Type.Object(trialProperties);

export const TrialDetail = Type.Object({
  ...trialProperties,
  origin: Type.Object(Reason.properties, { description: 'Why these params.' }),
  why: Type.Object(Reason.properties, { description: 'Why it is in this state.' }),
  waiting: Type.Optional(
    Type.Object(Reason.properties, { description: 'What it waits for, queued or paused.' }),
  ),
  history: Type.Array(
    Type.Object({
      attempt: Type.Integer({ minimum: 1 }),
      worker: Type.String(),
      slot: Count,
      startedAt: TimeMs,
      endedAt: Type.Optional(TimeMs),
      end: Type.Optional(Type.String()),
      reason: Type.Optional(Reason),
      reports: Count,
    }),
  ),
});

export const WorkerView = Type.Object({
  worker: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  state: Type.Enum(['active', 'paused', 'quarantined', 'leaving']),
  reason: Type.Optional(Type.String({ description: 'Why it is not active.' })),
  silentMs: Type.Number({ description: 'Milliseconds since its last word.' }),
  slots: Type.Array(
    Type.Object({
      study: Type.Optional(Type.String()),
      trial: Type.Optional(Count),
      attempt: Type.Optional(Count),
      waiting: Type.Optional(Type.Object({ sinceMs: Type.Number(), reason: Reason })),
    }),
    { description: 'What runs there, or why nothing does.' },
  ),
});

export const AttemptToTell = Type.Enum([
  'completed',
  'stopped',
  'crashed',
  'out-of-memory',
  'timed-out',
  'invalid-metric',
  'cancelled',
  'preempted',
]);

/** Its other keys go by its kind (see core's study/event.ts). */
export const LoggedEvent = Type.Unsafe<StudyEvent>(
  Type.Object({ id: Type.Integer({ minimum: 1 }), at: Type.Number(), kind: Type.String() }),
);

/** One server-sent event: `data` is a StudyEvent as JSON. */
export const EventMessage = Type.Object({
  id: Type.String(),
  data: Type.String({ contentMediaType: 'application/json' }),
});

export type TrialView = Static<typeof TrialView>;
export type TrialDetail = Static<typeof TrialDetail>;
export type StudySummary = Static<typeof StudySummary>;
export type WorkerView = Static<typeof WorkerView>;
