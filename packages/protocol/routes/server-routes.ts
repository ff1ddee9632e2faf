import { Type } from 'typebox';
import type { Route } from './route.ts';

const tag = 'server';

export const serverRoutes = {
  health: {
    method: 'GET',
    path: '/health',
    tag,
    summary: 'Whether the server answers. Needs no token.',
    answer: Type.Object({ ok: Type.Literal(true), version: Type.String() }),
    errors: [],
    open: true,
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    tag,
    summary: 'Everything that Prometheus can watch.',
    description: 'docs/guides/monitoring.md has the names, and alert rules that are ready to use.',
    answer: Type.String(),
    media: 'text/plain',
    errors: [],
  },
  openApi: {
    method: 'GET',
    path: '/openapi.json',
    tag,
    summary: 'This document.',
    answer: Type.Object({ openapi: Type.String() }, { additionalProperties: true }),
    errors: [],
  },
} as const satisfies Record<string, Route>;
