// What a person asks of a study, a trial or a worker while it works. One shape for all of them: who, what, why.

import { fail, type WireNumber } from '@fleetune/core';
import type { StudyClient } from '@fleetune/protocol/node';
import { print, printJson } from '../console.ts';
import type { Action, Invocation } from '../manual/page.ts';
import { flag, textOption } from './option.ts';
import { allStudies, namedStudy } from './study-argument.ts';
import { namedTrial } from './trial-argument.ts';

export type StudyAction = 'pause' | 'resume' | 'drain' | 'stop';
export type TrialAction =
  'checkpoint' | 'stop' | 'cancel' | 'pause' | 'resume' | 'drain' | 'retry' | 'discard';
export type WorkerAction = 'checkpoint' | 'pause' | 'resume' | 'drain' | 'stop';

const studyDone: Record<StudyAction, string> = {
  pause: 'is paused: nothing new starts, running trials go on; "fleetune study resume" ends that',
  resume: 'goes on',
  drain: 'is draining: running trials go back to the queue, then its run ends',
  stop: 'is stopping: running trials keep their value so far',
};

const trialDone: Record<TrialAction, string> = {
  checkpoint: 'is asked to write a checkpoint now, and goes on',
  stop: 'stops, and keeps its value so far',
  cancel: 'is cancelled: it counts for nothing',
  pause: 'is paused until "fleetune trial resume"',
  resume: 'is at the front of the queue',
  drain: 'goes back to the front of the queue',
  retry: 'is in the queue again, with all its retries',
  discard: 'is discarded: its result counts for nothing',
};

const workerDone: Record<WorkerAction, string> = {
  checkpoint: 'asks its trials to write a checkpoint now; they go on',
  pause: 'gets no new trials; running ones go on',
  resume: 'gets trials again',
  drain: 'is draining: its trials go back to the queue, then it leaves',
  stop: 'is stopping: it ends everything now and leaves',
};

export function controlStudy(action: StudyAction): Action {
  return async (invocation) => {
    const { argument, studies } = await namedStudy(invocation);
    const { name } = argument;
    const reason = reasonOf(invocation, `study ${action}`);
    await studies.ask((owner) => owner[`${action}Study`]({ name, reason }));
    return say(invocation, { study: name, asked: action }, `${name} ${studyDone[action]}`);
  };
}

export function controlTrial(action: TrialAction): Action {
  return async (invocation) => {
    const { argument, studies, number: trial } = await namedTrial(invocation);
    const { name } = argument;
    const reason = reasonOf(invocation, `trial ${action}`);
    await studies.ask((owner) => owner[`${action}Trial`]({ name, trial, reason }));
    const done = `trial ${trial} of ${name} ${trialDone[action]}`;
    return say(invocation, { study: name, trial, asked: action }, done);
  };
}

export async function correctTrial(invocation: Invocation): Promise<number> {
  const { argument, studies, number: trial } = await namedTrial(invocation);
  const { name } = argument;
  const value = wireNumber(invocation.operands[2]!);
  const reason = reasonOf(invocation, 'trial correct');
  await studies.ask((owner) => owner.correctTrial({ name, trial, value, reason }));
  const done = `trial ${trial} of ${name} has the value ${value} now`;
  return say(invocation, { study: name, trial, asked: 'correct', value }, done);
}

export function controlWorker(action: WorkerAction): Action {
  return async (invocation) => {
    const [worker = ''] = invocation.operands;
    const reason = reasonOf(invocation, `worker ${action}`);
    const ask = (owner: StudyClient) => owner[`${action}Worker`]({ worker, reason });
    await allStudies(invocation).ask(ask);
    return say(invocation, { worker, asked: action }, `${worker} ${workerDone[action]}`);
  };
}

function reasonOf({ options }: Invocation, command: string): string {
  return textOption(options, 'reason') ?? `asked for with "fleetune ${command}"`;
}

function say({ options, console }: Invocation, json: object, text: string): number {
  if (flag(options, 'json')) printJson(console, json);
  else print(console, [text]);
  return 0;
}

/** As Python prints it, too. */
function wireNumber(text: string): WireNumber {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  if (value === Infinity || value === -Infinity) return value > 0 ? 'Infinity' : '-Infinity';
  throw fail('input.value', 'VALUE', { expected: 'a number', got: JSON.stringify(text) });
}
