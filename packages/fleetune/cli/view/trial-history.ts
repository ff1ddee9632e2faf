import type { Reason, StudyEvent } from '@fleetune/core';
import { clockTime, figure } from './figures.ts';

/**
 * What happened to a trial, a line each: the event's number, the time since the trial was created, what was decided,
 * why in words, and why as a code. Reports are too many to list.
 */
export function trialHistory(events: readonly StudyEvent[]): string[] {
  const begin = events[0]?.at ?? 0;
  return events.flatMap((event) => {
    const told = textOf(event);
    if (told === undefined) return [];
    const [text, code] = told;
    const time = `+${clockTime(event.at - begin)}`;
    const line = `  ${String(event.id).padStart(6)}  ${time.padStart(6)}  ${text}  [${code}]`;
    return [line, ...waitsOf(event)];
  });
}

const WAITS = {
  suggestionUs: 'for a suggestion',
  decisionUs: 'for a decision',
  tailUs: 'since nothing was left to start',
  drainedUs: 'since it was held back',
} as const;

/** Why the slot idled before the attempt, as far as it has a name: known once the attempt has ended. */
function waitsOf(event: StudyEvent): string[] {
  const waits = event.kind === 'attempt-ended' ? event.waits : undefined;
  if (waits === undefined) return [];
  return (Object.keys(WAITS) as (keyof typeof WAITS)[]).flatMap((key) => {
    const ms = Math.round(waits[key] / 1000);
    const code = key.replace('Us', '');
    return ms === 0
      ? []
      : [`${' '.repeat(18)}its slot had waited ${ms} ms ${WAITS[key]}  [${code}]`];
  });
}

type Told = [text: string, code: string];

function textOf(event: StudyEvent): Told | undefined {
  switch (event.kind) {
    case 'trial-created':
      return because(`created by ${event.sampler}`, event.reason);
    case 'attempt-started':
      return startText(event);
    case 'rung-reached': {
      const what = `rung ${event.rung} at ${figure(event.step)}: ${event.decision}`;
      return because(what, event.reason, ', ');
    }
    case 'stop-requested':
      return because(stopTexts[event.as], event.reason);
    case 'checkpoint-requested':
      return because('asked for a checkpoint', event.reason);
    case 'attempt-ended':
      return because(`attempt ${event.attempt} ${event.end}`, event.reason);
    case 'trial-given-back':
      return because(`given back, attempts ${event.attempts.join(', ')} not counted`, event.reason);
    case 'trial-corrected': {
      const values = `${figure(event.was, 17)} → ${figure(event.value, 17)}`;
      return because(`corrected by ${event.by}, ${values}`, event.reason);
    }
    case 'trial-requeued':
      return because(
        `back in the queue${event.solo ? ', for a worker of its own' : ''}`,
        event.reason,
      );
    case 'trial-retried':
      return because('tried again', event.reason);
    case 'trial-discarded':
      return because('discarded', event.reason);
    case 'trial-paused':
      return because('paused', event.reason);
    case 'trial-resumed':
      return because('resumed, at the front of the queue', event.reason);
    case 'trial-ended':
      return because(event.state, event.reason);
    case 'trial-warned':
      return [`warning: ${event.warning.message}`, event.warning.code];
    default:
      return undefined;
  }
}

const stopTexts = {
  stopped: 'told to stop, and keep its value',
  cancelled: 'told to stop, to be forgotten',
  failed: 'told to stop, as failed',
  paused: 'told to stop, to be paused',
  queued: 'told to stop, to go back to the queue',
} as const;

function startText(event: Extract<StudyEvent, { kind: 'attempt-started' }>): Told {
  const { attempt, worker, slot, reserve } = event;
  const where = `slot ${slot} of ${worker}`;
  return reserve
    ? [
        `attempt ${attempt} waits behind the trial on ${where}: it starts as that one ends`,
        'reserve',
      ]
    : [`attempt ${attempt} started on ${where}`, 'free-slot'];
}

function because(what: string, { code, text }: Reason, joint = ': '): Told {
  return [`${what}${joint}${text}`, code];
}
