import { readFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { fail, readStudy, type StudySpec } from '@fleetune/core';
import { inputErrors } from './input-errors.ts';
import { parseStudyText } from './parse-study-text.ts';

/** What options of the command line put over the file's own values. */
export interface Overrides {
  trials?: number;
  /** As in the file: `30m`. */
  time?: string;
  seed?: number;
}

/** A study file as it is, with what the command line puts over it, and the study that it describes. */
export interface StudyFile {
  /** For a coordinator elsewhere, which reads it again. */
  file: Record<string, unknown>;
  spec: StudySpec;
}

/**
 * The study that a file describes; its folder is where the commands run. Throws everything that is
 * wrong at once.
 */
export function readStudyFile(
  path: string,
  cwd: string,
  seed: number,
  overrides: Overrides = {},
): StudyFile {
  const full = resolve(cwd, path);
  const { raw, locate } = parseStudyText(readText(full, path), path);
  const file = override(raw, overrides);
  const read = readStudy(file, { cwd: dirname(full), seed, name: defaultName(full) });
  if ('spec' in read) return { file: { ...file, name: read.spec.name }, spec: read.spec };
  throw inputErrors(
    read.errors.map((error) => ({ ...error, data: { ...error.data, at: locate(error.place) } })),
  );
}

/** Only the study's name: enough to find its history, even after an edit that broke the rest. */
export function readStudyName(path: string, cwd: string): string {
  const full = resolve(cwd, path);
  const { raw } = parseStudyText(readText(full, path), path);
  const name = (raw as { name?: unknown } | null)?.name ?? defaultName(full);
  if (typeof name === 'string') return name;
  throw fail('input.type', 'name', { expected: 'text', got: typeof name });
}

function defaultName(full: string): string {
  return basename(full, extname(full));
}

function readText(full: string, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(full));
  } catch (error) {
    const problem =
      error instanceof TypeError ? 'it is not UTF-8 text' : (error as Error).message.split(',')[0]!;
    throw fail('study-file.unreadable', shown, { problem }, { cause: error });
  }
}

/** What is no map of keys is refused by whoever reads it. */
function override(raw: unknown, { trials, time, seed }: Overrides): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return raw as Record<string, unknown>;
  }
  const { budget } = raw as { budget?: unknown };
  const changed: Record<string, unknown> = { ...raw };
  if (seed !== undefined) changed.seed = seed;
  const limits = {
    ...(trials === undefined ? {} : { trials }),
    ...(time === undefined ? {} : { time }),
  };
  const map = budget === undefined || (typeof budget === 'object' && !Array.isArray(budget));
  if (map && Object.keys(limits).length > 0) changed.budget = { ...budget, ...limits };
  return changed;
}
