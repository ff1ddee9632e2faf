import type { IncomingMessage } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { FleetuneError, errorTable, fail, type ErrorInfo } from '@fleetune/core';
import { http } from '@fleetune/platform/node';

/** JSON over kept-alive HTTP connections to one coordinator. */
export interface HttpConnection {
  /**
   * The parsed answer. Throws the coordinator's own error, `coordinator.unreachable` (retryable), or
   * `coordinator.certificate`.
   */
  call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    options?: { signal?: AbortSignal | undefined; timeoutMs?: number },
  ): Promise<unknown>;
  /** The answer as it comes, once it has begun; throws like `call`. The signal ends it. */
  stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): void;
}

export interface ConnectionOptions {
  /** The certificate, as PEM, that vouches for the one of an https address. */
  ca?: string;
}

/** A long poll needs its own deadline: TCP alone notices a lost peer after a quarter of an hour. */
const TIMEOUT_MS = 30_000;

export function httpConnection(
  url: string,
  token: string,
  { ca }: ConnectionOptions = {},
): HttpConnection {
  const base = new URL(url);
  const secure = base.protocol === 'https:';
  const { Agent, request } = secure ? process.getBuiltinModule('node:https') : http;
  const options: AgentOptions = { keepAlive: true, ...(ca !== undefined && { ca }) };
  const agent = new Agent(options);

  function send(
    method: string,
    path: string,
    body: unknown,
    { signal, timeoutMs }: { signal?: AbortSignal | undefined; timeoutMs?: number },
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const call = request(
        {
          agent,
          method,
          host: base.hostname.replace(/^\[(.*)\]$/, '$1'),
          port: base.port,
          path: `/api/v1${path}`,
          headers: {
            authorization: `Bearer ${token}`,
            ...(payload && {
              'content-type': 'application/json',
              'content-length': payload.length,
            }),
          },
          ...(timeoutMs !== undefined && { timeout: timeoutMs }),
          ...(signal && { signal }),
        },
        resolve,
      );
      call.on('timeout', () => call.destroy(new Error('no answer in time')));
      call.on('error', (cause) => {
        reject(isDistrusted(call.socket) ? distrusted(url, cause) : unreachable(url, cause));
      });
      call.end(payload);
    });
  }

  const answer = (response: IncomingMessage): Promise<unknown> =>
    collect(response).catch((error: Error) => {
      const known = error instanceof FleetuneError || error instanceof AggregateError;
      throw known ? error : unreachable(url, error);
    });

  return {
    call: async (method, path, body, { signal, timeoutMs = TIMEOUT_MS } = {}) =>
      answer(await send(method, path, body, { signal, timeoutMs })),
    async stream(path, signal) {
      const response = await send('GET', path, undefined, { signal });
      if (response.statusCode !== 200) await answer(response);
      return chunksOf(response, url);
    },
    close: () => agent.destroy(),
  };
}

async function* chunksOf(response: IncomingMessage, url: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch (error) {
    throw unreachable(url, error as Error);
  }
}

function unreachable(url: string, cause: Error): FleetuneError {
  return fail('coordinator.unreachable', url, { problem: cause.message }, { cause });
}

/** We have hung up ourselves: its certificate is expired, another host's, or nobody's whom we trust. */
function isDistrusted(socket: Socket | null): boolean {
  return Boolean((socket as TLSSocket | null)?.authorizationError);
}

function distrusted(url: string, cause: Error): FleetuneError {
  return fail('coordinator.certificate', url, { problem: cause.message }, { cause });
}

async function collect(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (response.statusCode === 200) return answer;
  const info = answer as ErrorInfo;
  if (info.code in errorTable) throw errorOf(info);
  throw new Error(`unexpected answer ${response.statusCode}`);
}

/** All mistakes of one input together, as where it is read. */
function errorOf(info: ErrorInfo & { errors?: ErrorInfo[] }): Error {
  if (info.errors === undefined) return new FleetuneError(info);
  return new AggregateError(info.errors.map((one) => new FleetuneError(one)));
}
