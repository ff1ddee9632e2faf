// What the worker and its spawner say to each other. Orders are lines of JSON. Answers are frames, since they carry the
// programs' output as it is: the payload's length (4 bytes), the process's number (4), the kind (1), the payload.

import type { ProcessSpec } from './spawner.ts';

/** Numbers are given by the worker, and never again. */
export type Order =
  | { do: 'start'; id: number; spec: ProcessSpec }
  | { do: 'hold'; id: number; spec: ProcessSpec; before?: number }
  | { do: 'begin' | 'discard' | 'pause' | 'resume'; id: number }
  | { do: 'signal'; id: number; signal: NodeJS.Signals };

/** Times are of the machine's clock. */
export type Answer =
  | { said: 'started'; pid: number; atMs: number }
  /** `begun`: what was held behind it. */
  | {
      said: 'exited';
      code: number | null;
      signal: NodeJS.Signals | null;
      atMs: number;
      begun?: number;
    }
  | { said: 'failed'; error: Pick<NodeJS.ErrnoException, 'code' | 'message'> }
  | { said: 'drained' | 'discarded' };

export interface AnswerEvents {
  answer(id: number, answer: Answer): void;
  output(id: number, stream: 'stdout' | 'stderr', chunk: Buffer): void;
}

const HEAD_BYTES = 9;
const KINDS = ['answer', 'stdout', 'stderr'] as const;

export function answerFrame(id: number, answer: Answer): Buffer {
  return frame(id, 'answer', Buffer.from(JSON.stringify(answer)));
}

export function outputFrame(id: number, stream: 'stdout' | 'stderr', chunk: Buffer): Buffer {
  return frame(id, stream, chunk);
}

function frame(id: number, kind: (typeof KINDS)[number], payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  bytes.writeUInt32LE(payload.length, 0);
  bytes.writeUInt32LE(id, 4);
  bytes.writeUInt8(KINDS.indexOf(kind), 8);
  payload.copy(bytes, HEAD_BYTES);
  return bytes;
}

/** Takes the stream of frames as it comes, in pieces of any length. */
export function createFrameReader(on: AnswerEvents): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    let bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    while (bytes.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + bytes.readUInt32LE(0);
      if (bytes.length < end) break;
      take(bytes.readUInt32LE(4), bytes.readUInt8(8), bytes.subarray(HEAD_BYTES, end), on);
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  };
}

function take(id: number, kind: number, payload: Buffer, on: AnswerEvents): void {
  const name = KINDS[kind]!;
  if (name === 'answer') on.answer(id, JSON.parse(payload.toString()) as Answer);
  else on.output(id, name, payload);
}
