// Goal: logs written by old releases replay for ever. Method: each recorded log is folded and
// compared with the view that was recorded with it; fields that were added since may be there, none
// may be missing or differ.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay, toSnapshot, type StudyEvent, type StudyStatus } from '../index.ts';
import { fromLines } from './from-lines.ts';
import { studyView } from './study-view.ts';

const LOGS = join(import.meta.dirname, 'logs');

describe('a recorded log', () => {
  const versions = readdirSync(LOGS);
  const logs = versions.flatMap((version) =>
    readdirSync(join(LOGS, version))
      .filter((file) => file.endsWith('.jsonl'))
      .map((file) => join(version, file)),
  );

  it('exists', () => expect(logs.length).toBeGreaterThanOrEqual(3));

  it.each(logs)('%s replays to its recorded view', (log) => {
    const lines = readFileSync(join(LOGS, log), 'utf8').trimEnd().split('\n');
    const state = replay(lines.map((line) => JSON.parse(line) as StudyEvent));
    const text = readFileSync(join(LOGS, log.replace('.jsonl', '.view.json')), 'utf8');
    const recorded = JSON.parse(text) as { status: Partial<StudyStatus> };
    // What is foretold may be foretold better.
    delete recorded.status.etaMs;
    expect(studyView(state)).toMatchObject(recorded);
    expect(studyView(fromLines(toSnapshot(state)))).toEqual(studyView(state));
  });
});
