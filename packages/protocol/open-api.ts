// The OpenAPI document of the routes: TypeBox schemas are JSON Schema 2020-12, and so is OpenAPI 3.1.

import { errorTable, type ErrorCode } from '@fleetune/core';
import type { TObject } from 'typebox';
import { ErrorResponse } from './resources.ts';
import { errorsOf, type Route } from './routes/route.ts';
import { PREFIX, routes } from './routes/routes.ts';

export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, object>>;
  [key: string]: unknown;
}

export function openApiDocument(version: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    const path = (paths[`${PREFIX}${route.path}`] ??= {});
    path[route.method.toLowerCase()] = operation(operationId, route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fleetune',
      version,
      description:
        'Studies, trials and workers of one coordinator. Every error is one object with a code that ' +
        'docs/reference/errors.md explains.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of the coordinator’s token file.',
        },
      },
      schemas: { Error: ErrorResponse },
    },
  } as OpenApiDocument;
}

function operation(operationId: string, route: Route): object {
  const { tag, summary, description, params, query, body, example, open } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(open && { security: [] }),
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: body, ...(example !== undefined && { example }) },
        },
      },
    }),
    responses: { 200: success(route), ...refusals(errorsOf(route)) },
  };
}

function parameters(place: 'path' | 'query', schema: TObject | undefined): object[] {
  const required = new Set<string>(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {}).map(([name, one]) => ({
    name,
    in: place,
    required: required.has(name),
    schema: one,
  }));
}

function success({ answer, media }: Route): object {
  const type = media ?? 'application/json';
  return { description: 'It is done, and stored.', content: { [type]: { schema: answer } } };
}

/** One response for each status, with the codes that it may mean. */
function refusals(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  const responses = [...byStatus].map(([status, members]) => [
    String(status),
    {
      description: members.map((code) => `\`${code}\`: ${errorTable[code].message}`).join('; '),
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Error' },
          example: exampleOf(members[0]!),
        },
      },
    },
  ]);
  return Object.fromEntries(responses) as Record<string, object>;
}

function exampleOf(code: ErrorCode): object {
  const { message, remedy, retryable } = errorTable[code];
  return { code, place: '', message, remedy, retryable, data: {} };
}
