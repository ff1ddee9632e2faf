import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '@fleetune/platform';
import { machineClock } from '@fleetune/platform/node';
import { localSpawner } from './local-spawner.ts';
import type { HeldProcess, ProcessEvents } from './spawner.ts';
import type { TrialProcess } from './trial-process.ts';
import { answerFrame, outputFrame, type Answer, type Order } from './wire.ts';

/** A process of the worker's, or what may become one. */
interface Entry {
  held?: HeldProcess;
  process?: TrialProcess | undefined;
  /** What is held behind it. */
  behind?: number;
  /** The worker wants no more of its output for now. */
  paused: boolean;
}

/**
 * The spawner's whole life: it starts the worker's programs, and has little memory, so that a fork is quick. When the
 * worker is gone, however it died, every process group that was started here is killed.
 */
export async function runSpawner(
  input: Readable,
  output: Writable,
  clock: Clock = machineClock,
): Promise<void> {
  const spawner = localSpawner(clock);
  const entries = new Map<number, Entry>();
  // A Ctrl-C or a hang-up of the terminal is for the worker, which then ends the pipe.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  // The worker is gone: the end of the input says so, too.
  output.on('error', () => undefined);
  output.on('drain', () => {
    for (const { process, paused } of entries.values()) if (!paused) process?.resume();
  });
  const say = (id: number, answer: Answer): void => void output.write(answerFrame(id, answer));

  function eventsOf(id: number, entry: Entry): ProcessEvents {
    return {
      started: (pid, atMs) => say(id, { said: 'started', pid, atMs }),
      output: (stream, chunk) => output.write(outputFrame(id, stream, chunk)) && !entry.paused,
      failed({ code, message }) {
        entries.delete(id);
        say(id, { said: 'failed', error: { ...(code !== undefined && { code }), message } });
      },
      exited(code, signal, atMs) {
        const { behind } = entry;
        const next = behind === undefined ? undefined : entries.get(behind);
        const begun = next?.held?.begun() === true;
        if (begun) next.process = next.held!.begin();
        say(id, { said: 'exited', code, signal, atMs, ...(begun && { begun: behind! }) });
      },
      drained() {
        entries.delete(id);
        say(id, { said: 'drained' });
      },
      orphaned: () => undefined,
    };
  }

  function obey(order: Order): void {
    const { id } = order;
    const entry = entries.get(id) ?? { paused: false };
    switch (order.do) {
      case 'start':
        entries.set(id, entry);
        entry.process = spawner.start(order.spec, eventsOf(id, entry));
        break;
      case 'hold': {
        entries.set(id, entry);
        const before = order.before === undefined ? undefined : entries.get(order.before);
        if (before !== undefined) before.behind = id;
        entry.held = spawner.hold(order.spec, eventsOf(id, entry), before?.process);
        break;
      }
      case 'begin':
        entry.process = entry.held?.begin();
        break;
      case 'discard':
        entry.held?.discard(() => {
          entries.delete(id);
          say(id, { said: 'discarded' });
        });
        break;
      case 'signal':
        entry.process?.signal(order.signal);
        break;
      default:
        entry.paused = order.do === 'pause';
        if (!entry.paused) entry.process?.resume();
    }
  }

  const lines = createInterface({ input });
  lines.on('line', (line) => obey(JSON.parse(line) as Order));
  await once(lines, 'close');
  for (const { process } of entries.values()) process?.signal('SIGKILL');
}
