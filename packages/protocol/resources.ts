// The half of the wire for people and programs: studies and trials as resources (DESIGN §8).

import type { ErrorInfo, StudyStatus } from '@fleetune/core';
import { Type, type Static } from 'typebox';

const ParamValue = Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]);

/** A whole number in a URL: converting it loosely would read `true` as 1. */
const Digits = Type.String({ pattern: '^[0-9]{1,15}$' });

export const StudyPath = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) });

export const TrialPath = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  trial: Digits,
});

export const EnqueueRequest = Type.Object({
  params: Type.Record(Type.String(), ParamValue),
});

export const EnqueueResponse = Type.Object({ trial: Type.Integer() });

export const StopRequest = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1000 }) });

export const EventsQuery = Type.Object({
  /** The id of the last event that the reader has. */
  after: Type.Optional(Digits),
});

/** One server-sent event: `data` is a StudyEvent as JSON. */
export const EventMessage = Type.Object({
  id: Type.String(),
  data: Type.String({ contentMediaType: 'application/json' }),
});

export const StatusResponse = Type.Unsafe<StudyStatus>(
  Type.Object({ name: Type.String() }, { additionalProperties: true }),
);

export const ErrorResponse = Type.Unsafe<ErrorInfo>(
  Type.Object({
    code: Type.String(),
    place: Type.String(),
    message: Type.String(),
    remedy: Type.String(),
    retryable: Type.Boolean(),
    data: Type.Object({}, { additionalProperties: true }),
  }),
);

export type EnqueueRequest = Static<typeof EnqueueRequest>;
export type EnqueueResponse = Static<typeof EnqueueResponse>;
export type StopRequest = Static<typeof StopRequest>;
