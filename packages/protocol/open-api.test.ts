import { errorTable } from '@fleetune/core';
import { expect, it } from 'vitest';
import { studyClient } from './node/study-client.ts';
import { openApiDocument } from './open-api.ts';
import { errorsOf, type Route } from './routes/route.ts';
import { routes } from './routes/routes.ts';

interface Operation {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters: { name: string; in: string; required: boolean }[];
  responses: Record<string, { description: string }>;
}

const document = openApiDocument('1.2.3');
const operations = Object.values(document.paths).flatMap(
  (path) => Object.values(path) as Operation[],
);

it('every operation of the document has a method of the client, and the other way round', () => {
  const client = studyClient({
    call: () => Promise.reject(new Error('not called')),
    stream: () => Promise.reject(new Error('not called')),
    close: () => undefined,
  });
  const ids = operations.map(({ operationId }) => operationId);
  expect(Object.keys(client).toSorted()).toEqual(ids.toSorted());
  expect(ids.length).toBeGreaterThan(25);
});

it('every operation says what it does, what it takes and every status that can come', () => {
  for (const [id, route] of Object.entries<Route>(routes)) {
    const operation = operations.find(({ operationId }) => operationId === id)!;
    expect(operation.summary, id).toMatch(/^.{10,}\.$/);
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const inPath = operation.parameters.filter((one) => one.in === 'path');
    expect(
      inPath.map(({ name }) => name),
      id,
    ).toEqual(named);
    expect(inPath.every(({ required }) => required)).toBe(true);
    const statuses = errorsOf(route).map((code) => String(errorTable[code].status));
    const expected = [...new Set(['200', ...statuses])];
    expect(Object.keys(operation.responses).toSorted(), id).toEqual(expected.toSorted());
  }
});

it('only the health of the server is told without a token', () => {
  const open = operations.filter(({ security }) => security?.length === 0);
  expect(open.map(({ operationId }) => operationId)).toEqual(['health']);
  expect(document['security']).toEqual([{ token: [] }]);
});

it('no key of an operation is in its path, its query and its body at once', () => {
  for (const [id, { params, query, body }] of Object.entries<Route>(routes)) {
    const parts = [params, query, body as Route['params']];
    const keys = parts.flatMap((part) => Object.keys(part?.properties ?? {}));
    expect(new Set(keys).size, id).toBe(keys.length);
  }
});
