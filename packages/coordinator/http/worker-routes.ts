import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  ErrorResponse,
  ExchangeRequest,
  ExchangeResponse,
  RegisterRequest,
  RegisterResponse,
} from '@fleetune/protocol';
import type { Coordinator } from '../coordinator.ts';

export function workerRoutes(coordinator: Coordinator): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.post(
      '/workers',
      {
        schema: {
          body: RegisterRequest,
          response: { 200: RegisterResponse, '4xx': ErrorResponse },
        },
      },
      (request) => coordinator.dispatcher.register(request.body),
    );
    server.post(
      '/exchange',
      {
        schema: {
          body: ExchangeRequest,
          response: { 200: ExchangeResponse, '4xx': ErrorResponse },
        },
      },
      (request) => coordinator.dispatcher.exchange(request.body),
    );
  };
}
