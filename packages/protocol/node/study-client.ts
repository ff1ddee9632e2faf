import type { StudyEvent } from '@fleetune/core';
import {
  routes,
  type Operation,
  type OperationAnswer,
  type OperationInput,
} from '../routes/routes.ts';
import type { Route } from '../routes/route.ts';
import type { HttpConnection } from './http-connection.ts';
import { readEvents } from './read-events.ts';

/** Operations whose answer is JSON. */
type Call = Exclude<Operation, 'studyEvents' | 'metrics'>;

/** Every operation of the HTTP API, with the types of its schemas: `client.pauseStudy({ name, reason })`. */
export type StudyClient = {
  [O in Call]: (
    ...args: Record<string, never> extends OperationInput<O>
      ? [input?: OperationInput<O>, options?: CallOptions]
      : [input: OperationInput<O>, options?: CallOptions]
  ) => Promise<OperationAnswer<O>>;
} & {
  /** The study's events after that one, then those to come, until the signal or the server ends it. */
  studyEvents(
    input: OperationInput<'studyEvents'>,
    options: { signal: AbortSignal },
  ): AsyncIterable<StudyEvent>;
  metrics(options: { signal: AbortSignal }): Promise<string>;
};

export interface CallOptions {
  signal?: AbortSignal;
}

/** How much longer than what it was allowed to wait an answer may take. */
const PATIENCE_MS = 30_000;

/** Throws the coordinator's own errors, or `coordinator.unreachable`. */
export function studyClient(connection: HttpConnection): StudyClient {
  const calls = Object.entries(routes).map(([operation, route]) => [
    operation,
    (input: Record<string, unknown> = {}, { signal }: CallOptions = {}) => {
      const { path, body } = requestOf(route, input);
      const waitMs = typeof input['waitMs'] === 'number' ? input['waitMs'] : 0;
      const timeoutMs = PATIENCE_MS + waitMs;
      return connection.call(route.method, path, body, { signal, timeoutMs });
    },
  ]);
  return {
    ...(Object.fromEntries(calls) as StudyClient),
    async *studyEvents(input, { signal }) {
      const { path } = requestOf(routes.studyEvents, input);
      yield* readEvents(await connection.stream(path, signal));
    },
    async metrics({ signal }) {
      let text = '';
      for await (const chunk of await connection.stream(routes.metrics.path, signal)) {
        text += chunk.toString();
      }
      return text;
    },
  };
}

/** Where each key of the input goes. */
function requestOf(
  route: Route,
  input: Readonly<Record<string, unknown>>,
): { path: string; body: unknown } {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = encodeURIComponent(String(rest.get(key)));
    rest.delete(key);
    return value;
  });
  const query = new URLSearchParams();
  for (const key of Object.keys(route.query?.properties ?? {})) {
    if (rest.has(key)) query.set(key, String(rest.get(key)));
    rest.delete(key);
  }
  return {
    path: query.size > 0 ? `${path}?${query}` : path,
    body: route.body === undefined ? undefined : Object.fromEntries(rest),
  };
}
