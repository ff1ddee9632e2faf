import type { CoordinatorLink, ExchangeResponse, RegisterResponse } from '../exchange.ts';
import type { HttpConnection } from './http-connection.ts';

/** A worker's way to a coordinator in another process. */
export function httpLink(connection: Pick<HttpConnection, 'call'>): CoordinatorLink {
  return {
    register: async (request) =>
      (await connection.call('POST', '/workers', request)) as RegisterResponse,
    exchange: async (request, call) =>
      (await connection.call('POST', '/exchange', request, {
        signal: call?.signal,
      })) as ExchangeResponse,
  };
}
