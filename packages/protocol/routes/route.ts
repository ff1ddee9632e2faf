import type { ErrorCode } from '@fleetune/core';
import { Type, type Static, type TObject, type TSchema } from 'typebox';

/** One operation of the HTTP API: validation, documentation and the typed client all come from it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As OpenAPI writes it: `/studies/{name}`. */
  readonly path: string;
  readonly tag: 'studies' | 'trials' | 'own loop' | 'workers' | 'server';
  /** A sentence. */
  readonly summary: string;
  readonly description?: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** A body that works, for those who read. */
  readonly example?: unknown;
  readonly answer: TSchema;
  /** Of the answer. Default: JSON. */
  readonly media?: 'text/event-stream' | 'text/plain';
  /** What it may be refused with, beyond what every request may: see `errorsOf`. */
  readonly errors: readonly ErrorCode[];
  /** Answered without a token. */
  readonly open?: true;
}

const digits = '^[0-9]{1,15}$';

/** A whole number in a URL: converting it loosely would read `true` as 1. */
export const WholeNumber = Type.Unsafe<number>({ type: 'string', pattern: digits });

/** It arrives as text, and is a number for whoever handles the request. */
export function isWholeNumber(schema: object): boolean {
  return 'pattern' in schema && schema.pattern === digits;
}

export const StudyName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
  description: 'Up to 100 letters, digits, ".", "_" and "-".',
});

export const StudyPath = Type.Object({ name: StudyName });

export const TrialPath = Type.Object({ name: StudyName, trial: WholeNumber });

/** What a person says about a change; it is kept in the log. */
export const Because = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1000 }) });

/** Nothing to say but that it is done. */
export const Done = Type.Object({});

/** Nobody is told that something is stored before it is. */
export const storeErrors = [
  'store.full',
  'store.busy',
  'store.io',
  'store.owned',
  'store.read-only',
  'store.corrupt',
] as const satisfies readonly ErrorCode[];

/** Whatever is asked for: refused before anybody looks at it, or a fault of ours. */
const always = ['request.timeout', 'request.header-too-large', 'internal'] as const;

/** Everything that the operation may be refused with. */
export function errorsOf(route: Route): ErrorCode[] {
  const { params, query, body, open, errors } = route;
  return [
    ...((params ?? query ?? body) ? (['request.invalid'] as const) : []),
    ...(open ? [] : (['auth.token'] as const)),
    ...(body ? (['request.too-large', 'request.media-type'] as const) : []),
    ...errors,
    // Whatever a study is asked for, it has to be read for it.
    ...(errors.includes('study.not-found') ? (['study.unreadable'] as const) : []),
    ...always,
  ];
}

type Part<R extends Route, K extends 'params' | 'query' | 'body'> = R[K] extends TSchema
  ? Static<R[K]>
  : unknown;

type Flat<T> = { [K in keyof T]: T[K] };

/** Path, query and body of an operation as one object; no two of its keys are the same. */
export type InputOf<R extends Route> = Flat<Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'>>;

export type AnswerOf<R extends Route> = Static<R['answer']>;
