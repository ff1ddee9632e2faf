// What the schema can't see outside the space: keys that have to fit one another. Each check runs only where the parts
// that it compares have passed the schema, so that a mistake is told once.

import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { describe, isObject, placeOf } from './describe.ts';
import { parseDuration } from './duration.ts';
import { allParams, placeholdersOf } from './fill-command.ts';
import type { StudyFile } from './fill-study.ts';
import { neededMetrics } from './goal-check.ts';
import { leastInterval, mostComparisons } from './median-interval.ts';
import type { NameCheck } from './read-space.ts';

type Sound = (place: string) => boolean;

export function checkProgram(file: StudyFile, names: NameCheck, sound: Sound): ErrorInfo[] {
  const errors: ErrorInfo[] = [];
  if (sound('command') && file.command !== undefined) errors.push(...checkCommand(file, names));
  if (sound('fidelity')) errors.push(...checkFidelity(file, sound));
  if (sound('scheduler') && sound('fidelity')) errors.push(...checkScheduler(file));
  if (sound('metrics')) errors.push(...checkMetrics(file, sound));
  if (sound('sampler')) errors.push(...checkGrid(file, names, sound));
  if (sound('env')) errors.push(...checkEnv(file));
  if (sound('budget')) errors.push(...checkDuration(file.budget?.time, 'budget.time'));
  if (sound('limits')) {
    errors.push(...checkDuration(file.limits?.trial, 'limits.trial'));
    errors.push(...checkDuration(file.limits?.silence, 'limits.silence'));
  }
  return errors;
}

function checkCommand(file: StudyFile, names: NameCheck): ErrorInfo[] {
  const { command } = file;
  const errors: ErrorInfo[] = [];
  if (typeof command === 'string') {
    if (command.trim() === '') return [empty('command', command)];
    checkPlaceholders(command, 'command', false);
    return errors;
  }
  command!.forEach((part, i) => {
    const place = placeOf('command', i);
    if (!Array.isArray(part)) return checkArgument(String(part), place, false);
    part.forEach((text, j) => checkArgument(String(text), placeOf(place, j), true));
  });
  const [program] = command!;
  if (errors.length === 0 && (Array.isArray(program) || String(program).trim() === '')) {
    errors.push(empty('command[0]', program));
  }
  return errors;

  function checkArgument(text: string, place: string, leftOut: boolean) {
    if (placeholdersOf(text).includes(allParams) && text !== `{${allParams}}`) {
      const expected = `"{${allParams}}" as an argument of its own`;
      errors.push(errorInfo('input.value', place, { expected, got: describe(text) }));
    } else {
      checkPlaceholders(text, place, leftOut);
    }
  }
  function checkPlaceholders(text: string, place: string, leftOut: boolean) {
    for (const name of placeholdersOf(text)) {
      if (name === allParams || !names.known(name, place)) continue;
      const parameter: unknown = file.space[name];
      if (leftOut || !isObject(parameter) || parameter.when === undefined) continue;
      errors.push(errorInfo('command.conditional', place, { name, placeholder: `{${name}}` }));
    }
  }
}

function empty(place: string, got: unknown): ErrorInfo {
  return errorInfo('input.value', place, { expected: 'the name of a program', got: describe(got) });
}

function checkFidelity(file: StudyFile, sound: Sound): ErrorInfo[] {
  const { fidelity } = file;
  if (fidelity === undefined) return [];
  const { metric, min = 1, max } = fidelity;
  if (min > max) {
    const key = fidelity.min === undefined ? 'max' : 'min';
    const expected = key === 'min' ? `at most max (${max})` : `at least min (${min}, its default)`;
    const place = placeOf('fidelity', key);
    return [errorInfo('input.value', place, { expected, got: key === 'min' ? min : max })];
  }
  if (!goalIsSound(file, sound) || !neededMetrics(file).includes(metric)) return [];
  const expected = 'the key of the step, not the objective';
  return [errorInfo('input.value', 'fidelity.metric', { expected, got: describe(metric) })];
}

/** Trials are compared along a fidelity, and not at endlessly many places of it. */
function checkScheduler({ scheduler, fidelity }: StudyFile): ErrorInfo[] {
  const type = typeof scheduler === 'object' ? scheduler.type : scheduler;
  if (type === undefined || type === 'fifo') return [];
  if (fidelity === undefined) {
    const expected = 'fifo, or beside a fidelity along which trials are compared';
    return [errorInfo('input.value', 'scheduler', { expected, got: `${type} without one` })];
  }
  if (typeof scheduler !== 'object' || scheduler.type !== 'median') return [];
  const { warmup = 0, interval } = scheduler;
  const { min = 1, max } = fidelity;
  if (warmup > max) {
    const expected = `at most the max of the fidelity (${max})`;
    return [errorInfo('input.value', 'scheduler.warmup', { expected, got: warmup })];
  }
  const least = leastInterval(warmup, { min, max });
  if (interval === undefined || interval >= least) return [];
  const expected = `at least ${least}, which gives ${mostComparisons} comparisons`;
  return [errorInfo('input.value', 'scheduler.interval', { expected, got: interval })];
}

function checkMetrics(file: StudyFile, sound: Sound): ErrorInfo[] {
  const { metrics } = file;
  if (typeof metrics !== 'object' || !('regex' in metrics)) return [];
  const broken = Object.entries(metrics.regex).flatMap(([name, pattern]) => {
    const place = placeOf('metrics.regex', name);
    return checkPattern(pattern, place);
  });
  if (broken.length > 0) return broken;
  const needed = [
    ...(goalIsSound(file, sound) ? neededMetrics(file) : []),
    ...(sound('fidelity') && file.fidelity !== undefined ? [file.fidelity.metric] : []),
    ...(sound('keep') ? (file.keep ?? []) : []),
  ];
  const missing = needed.filter((name) => !Object.hasOwn(metrics.regex, name));
  return [...new Set(missing)].map((name) =>
    errorInfo('input.missing', placeOf('metrics.regex', name), {}),
  );
}

function goalIsSound(file: StudyFile, sound: Sound): boolean {
  const one = (file.objective === undefined) !== (file.objectives === undefined);
  return one && ['objective', 'objectives', 'outcomeConstraints'].every(sound);
}

function checkPattern(pattern: string, place: string): ErrorInfo[] {
  const wrong = (expected: string) => [
    errorInfo('input.value', place, { expected, got: describe(pattern) }),
  ];
  try {
    new RegExp(pattern);
  } catch {
    return wrong('a regular expression of JavaScript');
  }
  // An empty alternative always matches, and its match lists all groups of the pattern.
  const groups = new RegExp(`(?:${pattern})|`).exec('')!.length - 1;
  return groups > 0 ? [] : wrong('a regular expression with a group around the number');
}

/** Every combination needs a finite number of values per parameter. */
function checkGrid(file: StudyFile, names: NameCheck, sound: Sound): ErrorInfo[] {
  const { sampler } = file;
  const type = typeof sampler === 'object' ? sampler.type : sampler;
  if (type !== 'grid') return [];
  const counts = (typeof sampler === 'object' && 'counts' in sampler && sampler.counts) || {};
  const errors: ErrorInfo[] = [];
  for (const [name, count] of Object.entries(counts)) {
    const place = placeOf('sampler.counts', name);
    if (!names.known(name, place)) return [];
    if (!sound('space')) continue;
    const kind = file.space[name]!.type;
    if (kind === 'float' || kind === 'int') continue;
    const expected = `absent: every value of a ${String(kind)} parameter is taken`;
    errors.push(errorInfo('input.value', place, { expected, got: count }));
  }
  if (errors.length > 0 || !sound('space')) return errors;
  const endless = Object.entries(file.space).filter(
    ([name, { type, step }]) =>
      type === 'float' && step === undefined && !Object.hasOwn(counts, name),
  );
  if (endless.length === 0) return [];
  const list = endless.map(([name]) => name).join(', ');
  const expected = 'a number of values for every float without a step';
  return [errorInfo('input.value', 'sampler.counts', { expected, got: `none for ${list}` })];
}

function checkEnv({ env = {} }: StudyFile): ErrorInfo[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value.from === 'env' || value.name !== undefined) return [];
    return [errorInfo('input.missing', placeOf(placeOf('env', name), 'name'), {})];
  });
}

function checkDuration(text: string | undefined, place: string): ErrorInfo[] {
  if (text === undefined || parseDuration(text)! > 0) return [];
  return [errorInfo('input.value', place, { expected: 'longer than nothing', got: text })];
}
