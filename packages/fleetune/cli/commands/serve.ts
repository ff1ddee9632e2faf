import { flushCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { fail } from '@fleetune/core';
import { serveStudies, type ServedStudies } from '../../session/serve-studies.ts';
import type { Console } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { serverLog, type ServerFact } from '../view/server-log.ts';
import { countOption, flag, textOption } from './option.ts';
import { databaseFile, shownPath } from './database-file.ts';

const PORT = 7077;
const MOST_PORT = 65_535;
const LOOK_MS = 1_000;

export async function serve(invocation: Invocation): Promise<number> {
  const { options, console } = invocation;
  const database = databaseFile(options, console.cwd);
  const host = textOption(options, 'host') ?? '127.0.0.1';
  const tokenFile = resolve(console.cwd, textOption(options, 'tokenFile') ?? besides(database));
  const say = sayer(console, flag(options, 'json'));
  // From the very beginning: whoever starts it may end it at once.
  const orders = ordersBySignal(console, say);
  const served = await serveStudies({
    database,
    host,
    port: countOption(options, 'port', 0, MOST_PORT) ?? PORT,
    tokenFile,
    certificate: certificateOf(invocation),
    cwd: console.cwd,
  });
  say({
    kind: 'listening',
    url: served.url,
    database,
    tokenFile,
    resumed: [...served.resumed],
    text: greeting(served, invocation, { database, tokenFile, host }),
  });
  // What was compiled is otherwise kept at the end alone, and a coordinator may be killed.
  flushCompileCache();
  return untilTold(console, served, say, orders).finally(orders.close);
}

/** `fleetune.db` → `fleetune.token`. */
function besides(database: string): string {
  return `${database.replace(/\.db$/, '')}.token`;
}

function certificateOf({ options, console }: Invocation) {
  const cert = textOption(options, 'tlsCert');
  const key = textOption(options, 'tlsKey');
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) {
    return { certFile: resolve(console.cwd, cert), keyFile: resolve(console.cwd, key) };
  }
  const problem = '--tls-cert and --tls-key belong together';
  throw fail('cli.usage', '--tls-cert', { problem, command: 'serve' });
}

interface Places {
  database: string;
  tokenFile: string;
  host: string;
}

function greeting(
  { url, resumed }: ServedStudies,
  { console, options }: Invocation,
  { database, tokenFile, host }: Places,
): string {
  const token = shownPath(tokenFile, console.cwd);
  const ca = textOption(options, 'tlsCert') === undefined ? '' : ' --ca CERT.pem';
  const reach = `--token-file ${token}${ca}`;
  const alone = /^(127\.|::1$|localhost$)/.test(host);
  return [
    `serving ${shownPath(database, console.cwd)} at ${url}`,
    ...(resumed.length > 0 ? [`  going on with ${resumed.join(', ')}`] : []),
    ...(alone
      ? ['  for this machine alone; --host 0.0.0.0 lets others in']
      : [`  other machines need a copy of ${token}, readable for its owner alone`]),
    '',
    'Have a machine run trials:',
    `  fleetune worker --url ${url} ${reach}`,
    'Hand over a study:',
    `  fleetune submit study.yaml --on ${url} ${reach}`,
    '',
  ].join('\n');
}

type Say = (fact: ServerFact) => void;

function sayer(console: Console, json: boolean): Say {
  return ({ text, ...fact }) => {
    const at = new Date(console.now()).toISOString();
    const plain = fact.kind === 'listening' ? text : `${at.slice(0, 19)}Z  ${text}`;
    console.stdout.write(`${json ? JSON.stringify({ at, ...fact }) : plain}\n`);
  };
}

interface Orders {
  /** The first signal: end in order. */
  end: Promise<void>;
  /** A second one: at once. The exit code. */
  endNow: Promise<number>;
  close(): void;
}

function ordersBySignal(console: Console, say: Say): Orders {
  const end = Promise.withResolvers<void>();
  const endNow = Promise.withResolvers<number>();
  let ending = false;
  const close = console.onSignal((signal) => {
    const key = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    if (ending) {
      say({ kind: 'closed', text: `${key} again: ending at once` });
      endNow.resolve(1);
      return;
    }
    ending = true;
    const text = `${key}: ending; studies stay open for the next start, and workers wait for it`;
    say({ kind: 'closing', text });
    end.resolve();
  });
  return { end: end.promise, endNow: endNow.promise, close };
}

/** Rejects when the store has failed. */
async function untilTold(
  console: Console,
  served: ServedStudies,
  say: Say,
  orders: Orders,
): Promise<number> {
  const log = serverLog(served.coordinator);
  const stopLooking = console.every(LOOK_MS, () => log.look(console.now()).forEach(say));
  try {
    await Promise.race([orders.end, log.failed]);
  } finally {
    stopLooking();
  }
  return Promise.race([ended(served, say), orders.endNow]);
}

async function ended(served: ServedStudies, say: Say): Promise<number> {
  await served.close();
  say({ kind: 'closed', text: 'ended' });
  return 0;
}
