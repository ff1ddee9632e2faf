import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock, type ManualClock } from '@fleetune/platform/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenFile } from './token-file.ts';

const first = 'the-first-token-of-this-test';
const second = 'the-second-token-of-this-test';
let folder: string;
let path: string;
let clock: ManualClock;
let writes = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-token-'));
  path = join(folder, 'token');
  clock = manualClock(Date.parse('2027-01-01T00:00:00Z'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a token of a file', () => {
  it('lets in, and no other does', () => {
    write(`# ours\n${first}\n\n  ${second}  # the other team's\n`);
    const access = tokenFile(path, clock);
    const tried = [first, second, '', 'another-token-of-this-test', `${first} `, '# ours'];
    expect(tried.map((token) => access.allows(token))).toEqual([
      ...[true, true],
      ...[false, false, false, false],
    ]);
  });

  it('that has expired lets nobody in', () => {
    write(`${first} 2027-01-01T00:01:00Z\n`);
    const access = tokenFile(path, clock);
    clock.advance(59_999);
    expect(access.allows(first)).toBe(true);
    clock.advance(1);
    expect(access.allows(first)).toBe(false);
  });

  it('that was replaced is stale within a second', () => {
    write(first);
    const access = tokenFile(path, clock);
    expect(access.allows(first)).toBe(true);
    write(second);
    clock.advance(1000);
    expect(access.allows(first)).toBe(false);
    expect(access.allows(second)).toBe(true);
  });

  it('lets nobody in once the file is gone or open to others, and does again after its repair', () => {
    write(first);
    const access = tokenFile(path, clock);
    rmSync(path);
    clock.advance(1000);
    expect(access.allows(first)).toBe(false);
    write(first, 0o644);
    clock.advance(1000);
    expect(access.allows(first)).toBe(false);
    chmodSync(path, 0o600);
    clock.advance(1000);
    expect(access.allows(first)).toBe(true);
  });
});

describe('a file is refused', () => {
  it.each([
    ['without a token', '# nothing yet\n', 0o600],
    ['with a token that can be guessed', 'secret\n', 0o600],
    ['with an expiry that is no time', `${first} tomorrow\n`, 0o600],
    ['with words behind the expiry', `${first} 2027-01-01 maybe\n`, 0o600],
    ['that others may read', first, 0o640],
  ])('%s', (_, text, mode) => {
    write(text, mode);
    expect(() => tokenFile(path, clock)).toThrow(
      expect.objectContaining({ code: 'auth.token-file' }) as Error,
    );
  });

  it('that is not there', () => {
    expect(() => tokenFile(path, clock)).toThrow(/auth.token-file|cannot be used/);
  });

  it('without saying what it holds', () => {
    write('pssst\n');
    expect(() => tokenFile(path, clock)).toThrow(/^(?!.*pssst)/);
  });
});

/** The file system's own times may be too coarse to tell two writes apart. */
function write(text: string, mode = 0o600): void {
  writeFileSync(path, text);
  chmodSync(path, mode);
  writes += 1;
  utimesSync(path, writes, writes);
}
