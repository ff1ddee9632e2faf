import { FleetuneError, fail, readStudy, type StudySpec } from '@fleetune/core';
import type { OperationAnswer, OperationInput } from '@fleetune/protocol';
import type { Coordinator } from '../coordinator.ts';
import type { StudyRow } from '../store/index.ts';
import type { StudyHost } from '../study-host.ts';
import { requireShallow } from './nesting.ts';

/** How studies that come over HTTP are run here. */
export interface SubmissionOptions {
  /** Where a study's trial files go. */
  filesOf(study: string): string;
  /** For studies that name no folder. */
  cwd: string;
  /** For studies without a seed. */
  seed(): number;
}

export interface Submissions {
  submit(request: OperationInput<'submitStudy'>): Promise<OperationAnswer<'submitStudy'>>;
  /** Goes on with a study that nobody works on, unless it has come to its end. */
  start(host: StudyHost): Promise<void>;
}

/** Without options the coordinator runs what its own process runs; studies that it has are changed, not started. */
export function createSubmissions(
  coordinator: Coordinator,
  options: SubmissionOptions | undefined,
): Submissions {
  async function start(
    host: StudyHost,
    how: { slots?: number; keepGoing?: boolean } = {},
  ): Promise<void> {
    if (coordinator.isRunning(host) || hasEnded(host)) return;
    if (options === undefined) throw fail('request.embedded', '', {});
    // Whoever asks sees for themselves what fails.
    const { slots, keepGoing = host.state.spec?.command === undefined } = how;
    const ended = coordinator.run(host, {
      ...(slots !== undefined && { slots }),
      keepGoing,
      files: options.filesOf(host.name),
      shared: true,
    });
    // The end of the run is in its log, and a failed store is told to whoever asks next.
    ended.catch(() => undefined);
    await Promise.race([ended, host.commit()]);
  }

  return {
    start: (host) => start(host),
    async submit(request) {
      const { slots, keepGoing, run = true } = request;
      const name = request.file === undefined ? request.name : nameIn(request.file);
      const known = coordinator.studies().find((study) => study.name === name);
      if (options === undefined && known === undefined) throw fail('request.embedded', '', {});
      const host = await take(request, known);
      if (run && options !== undefined) {
        await start(host, {
          ...(slots !== undefined && { slots }),
          ...(keepGoing !== undefined && { keepGoing }),
        });
      }
      return {
        name: host.name,
        state: coordinator.isRunning(host) ? 'running' : 'ended',
        created: known === undefined,
        changed: known === undefined ? [] : changedKeys(coordinator, host, known.lastEvent),
      };
    },
  };

  async function take(
    { file, name, cwd, seed, slots }: OperationInput<'submitStudy'>,
    known: StudyRow | undefined,
  ): Promise<StudyHost> {
    if (file === undefined) {
      if (name === undefined) throw fail('input.missing', 'body.file', {});
      const host = coordinator.host(name);
      return slots === undefined ? host : coordinator.open(host.state.spec!, slots);
    }
    const spec = readSubmitted(
      file,
      cwd ?? known?.spec.cwd ?? options!.cwd,
      seed ?? known?.spec.seed ?? options!.seed(),
    );
    return coordinator.open(spec, slots);
  }
}

function nameIn(file: object): unknown {
  return (file as { name?: unknown }).name;
}

/** What `open` found different in the file. */
function changedKeys(coordinator: Coordinator, host: StudyHost, after: number): string[] {
  for (const event of coordinator.events(host, after)) {
    if (event.kind === 'spec-changed') return event.changed;
  }
  return [];
}

function readSubmitted(file: object, cwd: string, seed: number): StudySpec {
  requireShallow(file, 'file');
  const read = readStudy(file, { cwd, seed, withoutCommand: true });
  if ('spec' in read) return read.spec;
  throw new AggregateError(read.errors.map((info) => new FleetuneError(info)));
}

/** A program that crashed from the start may have been mended since. */
function hasEnded(host: StudyHost): boolean {
  const next = host.nextWork();
  return next.work === 'finished' && next.end !== 'start-crash';
}
