import type { Reason } from '@fleetune/core';
import type { Cause } from './fallback.ts';
import type { Step } from './ladder.ts';

/** What people are told of an advisor that works ahead. */
export interface Situation {
  /** What the last thread died of, while its successor has made nothing. */
  death: string | undefined;
  /** A suggestion has been made. */
  began: boolean;
  /** Each is made when it is asked for. */
  waits: boolean;
  step: Step;
  /** Why suggestions are made in a thread. */
  why: string;
  tookMs: number;
  perSecond: number;
}

/** Why a suggestion comes from the fallback. */
export function causeOf(situation: Situation): Cause {
  const { death, began, step } = situation;
  if (death !== undefined) return { code: 'fallback-dead', text: `its thread died: ${death}` };
  if (!began) return { code: 'fallback-starting', text: 'its thread is still starting' };
  const text = loadOf(situation);
  if (step === 'random') return { code: 'fallback-load', text };
  return { code: 'fallback-empty', text: `none was ready (${text})` };
}

/** Why suggestions come from where they come. */
export function reasonOf(situation: Situation): Reason {
  const { death, began, waits, step, why } = situation;
  if (death !== undefined || (!began && !waits) || step === 'random') return causeOf(situation);
  if (waits) return { code: 'waits', text: `${why}: each is made in a thread, and waited for` };
  if (step === 'reduced') return { code: 'load', text: `fewer candidates: ${loadOf(situation)}` };
  return { code: 'dear', text: `${why}: they are made ahead of demand` };
}

function loadOf({ tookMs, perSecond }: Situation): string {
  const short = (value: number): number => Number(value.toPrecision(2));
  return `one takes ${short(tookMs)} ms, and ${short(perSecond)} are asked for a second`;
}
