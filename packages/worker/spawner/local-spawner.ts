import type { Clock } from '@fleetune/platform';
import type { ProcessEvents, ProcessSpec, Spawner } from './spawner.ts';
import { startProcess, type TrialProcess } from './trial-process.ts';

/** Starts programs from this process. */
export function localSpawner(clock: Clock): Spawner {
  /** What begins when a process is gone; the answer tells of it. */
  const behind = new Map<TrialProcess, () => () => void>();

  function launch(spec: ProcessSpec, on: ProcessEvents): { process: TrialProcess; tell(): void } {
    const atMs = clock.monotonic();
    const process = startProcess(spec, clock, {
      output: on.output,
      failed: on.failed,
      drained: on.drained,
      exited(code, signal, exitedMs) {
        // First of all: until then the slot idles.
        const tellOfNext = behind.get(process)?.();
        behind.delete(process);
        on.exited(code, signal, exitedMs);
        tellOfNext?.();
      },
    });
    const { pid } = process;
    return { process, tell: () => void (pid !== undefined && on.started(pid, atMs)) };
  }

  return {
    start(spec, on) {
      const { process, tell } = launch(spec, on);
      tell();
      return process;
    },
    hold(spec, on, before) {
      let begun: TrialProcess | undefined;
      const begin = (): (() => void) => {
        const { process, tell } = launch(spec, on);
        begun = process;
        return tell;
      };
      const forget = (): void => {
        if (before !== undefined && behind.get(before) === begin) behind.delete(before);
      };
      if (before !== undefined) behind.set(before, begin);
      return {
        begun: () => begun !== undefined,
        begin() {
          forget();
          if (begun === undefined) begin()();
          return begun!;
        },
        discard(done) {
          forget();
          if (begun === undefined) done();
        },
      };
    },
    close: () => Promise.resolve(),
  };
}
