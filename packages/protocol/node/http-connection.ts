import type { IncomingMessage } from 'node:http';
import { FleetuneError, errorTable, fail, type ErrorInfo } from '@fleetune/core';
import { http } from '@fleetune/platform/node';

/** JSON over kept-alive HTTP connections to one coordinator. */
export interface HttpConnection {
  /** The parsed answer. Throws the coordinator's own error, or `coordinator.unreachable` (retryable). */
  call(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    options?: { signal?: AbortSignal | undefined; timeoutMs?: number },
  ): Promise<unknown>;
  close(): void;
}

/** A long poll needs its own deadline: TCP alone notices a lost peer after a quarter of an hour. */
const TIMEOUT_MS = 30_000;

export function httpConnection(url: string, token: string): HttpConnection {
  const agent = new http.Agent({ keepAlive: true });
  const base = new URL(url);
  return {
    call(method, path, body, options = {}) {
      return new Promise((resolve, reject) => {
        const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
        const unreachable = (cause: Error): void =>
          reject(fail('coordinator.unreachable', url, { problem: cause.message }, { cause }));
        const call = http.request(
          {
            agent,
            method,
            host: base.hostname,
            port: base.port,
            path: `/api/v1${path}`,
            headers: {
              authorization: `Bearer ${token}`,
              ...(payload && {
                'content-type': 'application/json',
                'content-length': payload.length,
              }),
            },
            timeout: options.timeoutMs ?? TIMEOUT_MS,
            ...(options.signal && { signal: options.signal }),
          },
          (response) =>
            collect(response).then(resolve, (error: Error) => {
              if (error instanceof FleetuneError) reject(error);
              else unreachable(error);
            }),
        );
        call.on('timeout', () => call.destroy(new Error('no answer in time')));
        call.on('error', unreachable);
        call.end(payload);
      });
    },
    close: () => agent.destroy(),
  };
}

async function collect(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (response.statusCode === 200) return answer;
  const info = answer as ErrorInfo;
  if (info.code in errorTable) throw new FleetuneError(info);
  throw new Error(`unexpected answer ${response.statusCode}`);
}
