import { mkdirSync, renameSync, watch, type FSWatcher } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Clock } from '@fleetune/platform';
import { createLineSplitter, type LineSplitter } from './line-splitter.ts';

/** Follows a file of metrics while a trial writes it. */
export interface MetricFile {
  /** Reads what is left, up to the end; nothing comes after. */
  end(): Promise<void>;
}

/** Where the system can't tell of changes (no inotify watches left), we look so often. */
const LOOK_MS = 1_000;
const CHUNK = 1 << 16;

/** What an earlier attempt left under this name is moved aside, so that only new lines are read. */
export function followMetricFile(
  path: string,
  clock: Clock,
  onLine: (line: string) => void,
): MetricFile {
  mkdirSync(dirname(path), { recursive: true });
  moveAside(path);
  const splitter = createLineSplitter(onLine);
  const reading = createReading(path, splitter);
  const stopWatching = watchFile(path, clock, () => void reading.more().catch(() => undefined));
  return {
    async end() {
      stopWatching();
      await reading.more();
      await reading.close();
      splitter.end();
    },
  };
}

function moveAside(path: string): void {
  try {
    renameSync(path, `${path}.old`);
  } catch {
    // There was none, which is the rule.
  }
}

/** One read at a time; a call during a read leads to one more after it. */
function createReading(path: string, splitter: LineSplitter) {
  let file: FileHandle | undefined;
  let offset = 0;
  let busy: Promise<void> | undefined;
  let again = false;

  async function readOn(): Promise<void> {
    do {
      again = false;
      file ??= await open(path).catch(() => undefined);
      if (file === undefined) continue;
      if ((await file.stat()).size < offset) offset = 0;
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
        if (bytesRead === 0) break;
        offset += bytesRead;
        splitter.push(buffer.subarray(0, bytesRead));
      }
    } while (again);
  }

  return {
    more(): Promise<void> {
      again = true;
      busy ??= readOn().finally(() => (busy = undefined));
      return busy;
    },
    close: async (): Promise<void> => await file?.close(),
  };
}

/** Watches the folder, since the file may not exist yet. */
function watchFile(path: string, clock: Clock, onChange: () => void): () => void {
  const name = basename(path);
  let watcher: FSWatcher | undefined;
  let cancel = (): void => undefined;
  const look = (): void => {
    cancel = clock.after(LOOK_MS, () => (onChange(), look()), { unref: true });
  };
  try {
    watcher = watch(dirname(path), { persistent: false }, (_, changed) => {
      if (changed === null || changed === name) onChange();
    });
    watcher.on('error', look);
  } catch {
    look();
  }
  return () => {
    watcher?.close();
    cancel();
  };
}
