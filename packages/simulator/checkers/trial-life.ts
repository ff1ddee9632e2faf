import type { StudyEvent } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

type Life = 'queued' | 'running' | 'paused' | 'ended' | 'completed';

/** A trial is created once, runs from the queue only, and what is completed is never run again. */
export const trialLife: MakeChecker = (world, broken) => {
  const lives = new Map<string, Life>();
  /** The event that changed each trial last, and the last that ended an attempt of each study. */
  const changed = new Map<string, number>();
  const lastEnds = new Map<string, number>();
  return {
    onEvent(event, study) {
      if (!('trial' in event)) return;
      if (event.kind === 'attempt-ended') lastEnds.set(study.name, event.id);
      const key = `${study.name}/${event.trial}`;
      const was = lives.get(key);
      const wrong = (): void =>
        broken(`${key} is ${was ?? 'unknown'}, event ${event.id}: ${event.kind}`);
      const next = after(event, was);
      if (next === 'wrong') wrong();
      else if (next !== undefined) {
        lives.set(key, next);
        changed.set(key, event.id);
      }
    },
    onRunEnd(host, study) {
      const end = study.state.end?.end;
      if (end !== 'budget-trials' && end !== 'exhausted') return;
      for (const { number } of study.state.trials) {
        const key = `${study.name}/${number}`;
        // What people enqueue or resume while the run's workers leave is there for the next run.
        const late = changed.get(key)! > (lastEnds.get(study.name) ?? 0);
        // One that a person paused holds up no end of its study.
        const over = ['ended', 'completed', 'paused'].includes(lives.get(key)!);
        if (!over && !late) broken(`trial ${number} of ${host.name} has no end`);
      }
    },
    onFinish() {
      for (const { name, state } of world.watch.studies.values()) {
        if (state.run !== undefined) broken(`the run of ${name} has no end`);
        if (state.live.size > 0) broken(`${state.live.size} attempts of ${name} still live`);
      }
    },
  };
};

/** Undefined: as it was. */
function after(
  event: StudyEvent & { trial: number },
  was: Life | undefined,
): Life | 'wrong' | undefined {
  const from = (lawful: readonly (Life | undefined)[], to: Life): Life | 'wrong' =>
    lawful.includes(was) ? to : 'wrong';
  switch (event.kind) {
    case 'trial-created':
      return from([undefined], 'queued');
    case 'attempt-started':
      // A reserve stays in the queue until it begins, of which no event tells.
      return from(['queued'], 'running');
    case 'attempt-ended':
      return from(['running'], 'running');
    case 'trial-requeued':
      return from(['running'], 'queued');
    case 'trial-paused':
      return from(['running', 'queued'], 'paused');
    case 'trial-resumed':
      return from(['paused'], 'queued');
    case 'trial-retried':
      return from(['ended'], 'queued');
    case 'trial-given-back':
      return was === 'ended' ? 'queued' : from(['running', 'queued', 'paused'], was ?? 'queued');
    case 'trial-discarded':
      return from(['ended', 'completed'], 'ended');
    case 'trial-ended':
      return from(
        ['running', 'queued', 'paused'],
        event.state === 'completed' ? 'completed' : 'ended',
      );
    default:
      return undefined;
  }
}
