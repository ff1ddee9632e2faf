import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerFrame, createFrameReader, outputFrame, type Answer } from './wire.ts';

test('frames arrive whole and in order, wherever the stream is cut', () => {
  const answer: Answer = { said: 'exited', code: null, signal: 'SIGTERM', atMs: 1.5, begun: 7 };
  const frames = fc.array(
    fc.oneof(
      fc.record({ id: fc.nat(), stream: fc.constant(undefined) }),
      fc.record({
        id: fc.nat(),
        stream: fc.constantFrom('stdout' as const, 'stderr' as const),
        chunk: fc.uint8Array({ maxLength: 30 }),
      }),
    ),
  );
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 })), (sent, cuts) => {
      const heard: unknown[] = [];
      const read = createFrameReader({
        answer: (id, said) => heard.push([id, said]),
        output: (id, stream, chunk) => heard.push([id, stream, [...chunk]]),
      });
      let stream = Buffer.concat(
        sent.map((it) =>
          it.stream === undefined
            ? answerFrame(it.id, answer)
            : outputFrame(it.id, it.stream, Buffer.from(it.chunk)),
        ),
      );
      for (const length of cuts) {
        read(stream.subarray(0, length));
        stream = stream.subarray(length);
      }
      read(stream);
      expect(heard).toEqual(
        sent.map((it) =>
          it.stream === undefined ? [it.id, answer] : [it.id, it.stream, [...it.chunk]],
        ),
      );
    }),
  );
});
