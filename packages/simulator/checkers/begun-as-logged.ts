import type { Params, StudyEvent } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

type Started = Extract<StudyEvent, { kind: 'attempt-started' }>;

/** Promise 1, for what is handed out: a program begins with what the log has of its attempt by then, and nothing else. */
export const begunAsLogged: MakeChecker = (_world, broken) => {
  const params = new Map<string, Params>();
  const started = new Map<string, Started>();
  return {
    onEvent(event, { name }) {
      if (event.kind === 'trial-created') params.set(`${name}/${event.trial}`, event.params);
      if (event.kind !== 'attempt-started') return;
      started.set(`${name}/${event.trial}.${event.attempt}`, event);
    },
    onBegun(begun, worker) {
      const { study, trial, attempt, slot, fidelityTarget } = begun;
      const name = `${study}/${trial}.${attempt}`;
      const logged = started.get(name);
      if (logged === undefined) return broken(`${name} begins, and is not in the log`);
      const place = `slot ${logged.slot} of ${logged.worker}`;
      const isThere = logged.worker === worker && logged.slot === slot;
      if (!isThere) broken(`${name} begins on slot ${slot} of ${worker}; in the log: ${place}`);
      const [given, created] = [begun.params, params.get(`${study}/${trial}`)!];
      if (textOf(given) !== textOf(created)) {
        broken(`${name} begins with ${textOf(given)}; its trial has ${textOf(created)}`);
      }
      if (fidelityTarget === logged.fidelityTarget) return;
      broken(`${name} is to go to ${fidelityTarget}; in the log: ${logged.fidelityTarget}`);
    },
  };
};

function textOf(params: Params): string {
  return JSON.stringify(Object.entries(params).sort());
}
