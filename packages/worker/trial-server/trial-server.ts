import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '@fleetune/platform';
import { http } from '@fleetune/platform/node';
import { readReport, type SentReport } from './read-report.ts';

/** What a program may ask about its own trial. */
export interface TrialInfo {
  params: Record<string, unknown>;
  checkpointDir: string;
  fidelityTarget?: number;
}

export interface ReportAnswer {
  /** True: the program should save what it wants to keep, and end. */
  stop: boolean;
  reason?: string;
  /** Something that its author should know. */
  warning?: string;
}

export interface ServedTrial {
  info(): TrialInfo;
  /** `step` absent: the next one. */
  report(step: number | undefined, metrics: Record<string, unknown>): Promise<ReportAnswer>;
}

export interface TrialDoor {
  readonly url: string;
  readonly token: string;
  /** Has the program ever come through this door? */
  used(): boolean;
  close(): void;
}

/** Where the client of a running trial reports to: loopback only, a token per attempt. */
export interface TrialServer {
  open(trial: ServedTrial): TrialDoor;
  close(): Promise<void>;
}

interface Door {
  trial: ServedTrial;
  digest: Buffer;
  used: boolean;
  /** Answers by the report's id, the latest ones: a report that is sent again counts once. */
  answers: Map<string, Promise<ReportAnswer>>;
}

const REMEMBERED = 100;

export async function startTrialServer(random: Random): Promise<TrialServer> {
  const doors = new Map<string, Door>();
  const server = http.createServer((request, response) => {
    answer(doors, request).then(
      ([status, body]) => send(response, status, body),
      () => response.destroy(),
    );
  });
  // The client keeps one connection for as long as a training takes between two reports.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    open(trial) {
      const name = random.id();
      const token = random.id(24);
      const door: Door = { trial, digest: digest(token), used: false, answers: new Map() };
      doors.set(name, door);
      return {
        url: `http://127.0.0.1:${port}/${name}`,
        token,
        used: () => door.used,
        close: () => void doors.delete(name),
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = [status: number, body: object];

async function answer(doors: Map<string, Door>, request: IncomingMessage): Promise<Answer> {
  const [, name = '', action] = (request.url ?? '').split('/');
  const door = doors.get(name);
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (door === undefined || !timingSafeEqual(door.digest, digest(token))) {
    return [401, { error: 'no such trial, or not its token' }];
  }
  door.used = true;
  if (request.method === 'GET' && action === 'trial') return [200, door.trial.info()];
  if (request.method !== 'POST' || action !== 'report') return [404, { error: 'not found' }];
  const report = await readReport(request);
  if ('error' in report) return [400, report];
  return [200, await take(door, report)];
}

function take(door: Door, { id, step, metrics }: SentReport): Promise<ReportAnswer> {
  const known = id === undefined ? undefined : door.answers.get(id);
  if (known !== undefined) return known;
  const answer = door.trial.report(step, metrics);
  if (id !== undefined) door.answers.set(id, answer);
  const [oldest] = door.answers.keys();
  if (oldest !== undefined && door.answers.size > REMEMBERED) door.answers.delete(oldest);
  return answer;
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
