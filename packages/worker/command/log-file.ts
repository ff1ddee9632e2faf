import { close, existsSync, open, rename, writev } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Each part holds up to PART_BYTES: the head stays, the latest part becomes the older one when it is full.

/** The output of one attempt on disk: its beginning and its latest part, at most three times 4 MB. */
export interface LogFile {
  /** False: the disk is behind; wait for `onDrained` before more. */
  push(chunk: Buffer): boolean;
  /** Resolves when everything is written and closed. A full disk loses the log, never the trial. */
  end(): Promise<void>;
}

const PART_BYTES = 4 << 20;
const MOST_PENDING = 1 << 20;

const promises = {
  open: promisify(open),
  close: promisify(close),
  rename: promisify(rename),
  writev: promisify(writev),
};

/** Where a trial's parameters, logs and checkpoints are. */
export function trialFolder(files: string, trial: number): string {
  return join(files, String(trial));
}

/** The parts of an attempt's log that exist, in reading order. */
export function logFiles(trialFolder: string, attempt: number): string[] {
  return Object.values(partNames(trialFolder, attempt)).filter((path) => existsSync(path));
}

export function createLogFile(
  trialFolder: string,
  attempt: number,
  onDrained: () => void,
): LogFile {
  const names = partNames(trialFolder, attempt);
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let writing: Promise<void> | undefined;
  let broken = false;
  const part = createPart(names);

  async function write(): Promise<void> {
    while (pending.length > 0) {
      const buffers = pending;
      pending = [];
      const full = pendingBytes > MOST_PENDING;
      pendingBytes = 0;
      if (!broken) await part.write(buffers).catch(() => (broken = true));
      if (full) onDrained();
    }
  }

  return {
    push(chunk) {
      pending.push(chunk);
      pendingBytes += chunk.length;
      writing ??= write().finally(() => (writing = undefined));
      return pendingBytes <= MOST_PENDING;
    },
    async end() {
      await writing;
      await part.close().catch(() => undefined);
    },
  };
}

interface PartNames {
  head: string;
  older: string;
  latest: string;
}

function partNames(trialFolder: string, attempt: number): PartNames {
  const name = (suffix: string): string => join(trialFolder, `attempt-${attempt}${suffix}.log`);
  return { head: name(''), older: name('.older'), latest: name('.latest') };
}

/** The part that is being written; opened at the first byte, so that a silent program leaves no file. */
function createPart(names: PartNames) {
  let file: number | undefined;
  let bytes = 0;
  let inHead = true;

  async function next(): Promise<number> {
    if (file !== undefined) {
      await promises.close(file);
      file = undefined;
      // The latest part becomes the older one.
      if (!inHead) await promises.rename(names.latest, names.older);
      inHead = false;
    }
    bytes = 0;
    file = await promises.open(inHead ? names.head : names.latest, 'w');
    return file;
  }

  return {
    async write(buffers: readonly Buffer[]): Promise<void> {
      const into = file === undefined || bytes >= PART_BYTES ? await next() : file;
      await promises.writev(into, buffers);
      for (const buffer of buffers) bytes += buffer.length;
    },
    async close(): Promise<void> {
      if (file !== undefined) await promises.close(file);
    },
  };
}
