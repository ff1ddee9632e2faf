// What a study's user should know beside its progress: each a label and its lines, and nothing when all is as usual.

import type { AdvisorStatus, StudyStatus, StudyWorker } from '@fleetune/core';
import { clockTime, percent } from './figures.ts';
import { span, type Line } from './line.ts';

/** Workers beyond so many are only counted. */
const MOST_WORKERS = 6;

export function pausedLines({ paused }: StudyStatus, now: number): Line[] {
  if (paused === undefined) return [];
  return [
    [
      span(`for ${clockTime(now - paused.sinceMs)}`, 'warn'),
      span(`: nothing new starts; ${paused.reason.text}`),
    ],
  ];
}

/** One worker that works is no news. */
export function workerLines(status: StudyStatus): Line[] {
  const { workers = [] } = status;
  const held = new Map((status.held ?? []).map((hold) => [hold.worker, hold]));
  const usual = workers.length === 1 && workers[0]!.state === 'active' && held.size === 0;
  if (usual || (workers.length === 0 && held.size === 0)) return heldLines(status, new Set());
  const shown = workers.toSorted((a, b) => odd(b) - odd(a)).slice(0, MOST_WORKERS);
  const column = (texts: string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const nameWidth = column(shown.map(({ worker }) => worker));
  const more = workers.length - shown.length;
  return [
    ...shown.map((worker): Line => {
      const hold = held.get(worker.worker);
      const state = hold?.as === 'quarantined' ? 'quarantined' : worker.state;
      const why = hold?.reason.text ?? worker.reason;
      return [
        span(worker.worker.padEnd(nameWidth)),
        span(`  ${slotsText(worker)}`, 'faint'),
        ...(state === 'active' ? [] : [span(`  ${state}`, 'warn')]),
        ...(why === undefined ? [] : [span(`: ${why}`)]),
      ];
    }),
    ...(more > 0 ? [[span(`… and ${more} more, ${totals(workers)} in all`, 'faint')]] : []),
    ...heldLines(status, new Set(workers.map(({ worker }) => worker))),
  ];
}

function odd({ state }: StudyWorker): number {
  return state === 'active' ? 0 : 1;
}

function slotsText({ slots, running, elsewhere }: StudyWorker): string {
  const others = elsewhere === 0 ? '' : `, ${elsewhere} for other studies`;
  return `${running} of ${slots} slots busy${others}`;
}

function totals(workers: readonly StudyWorker[]): string {
  const sum = (of: (worker: StudyWorker) => number): number =>
    workers.reduce((total, worker) => total + of(worker), 0);
  return `${sum(({ running }) => running)} of ${sum(({ slots }) => slots)} slots`;
}

/** Those that are held and not there, or that nobody lists. */
function heldLines({ held = [] }: StudyStatus, listed: ReadonlySet<string>): Line[] {
  return held
    .filter(({ worker }) => !listed.has(worker))
    .map(({ worker, as, reason }) => [
      span(worker),
      span(`  ${as === 'drained' ? 'paused' : as}`, 'warn'),
      span(`: ${reason.text}`),
    ]);
}

/** Trials that do not simply wait their turn. */
export function asideLines({ solo = [], pausedTrials = [] }: StudyStatus): Line[] {
  return [
    ...solo.map(({ trial, reason }) => [
      span(`#${trial}`, 'strong'),
      span(` waits for a worker of its own: ${reason.text}`),
    ]),
    ...pausedTrials.map(({ trial, reason }) => [
      span(`#${trial}`, 'strong'),
      span(` is paused: ${reason.text}`),
    ]),
  ];
}

/** How suggestions are made, unless they are simply made when they are asked for. */
export function advisorLines({ advisor }: StudyStatus): Line[] {
  if (advisor === undefined) return [];
  const { mode, step, reason, fallbackShare } = advisor;
  if (mode === 'inline' && step === 'full' && fallbackShare === 0) return [];
  const random = fallbackShare === 0 ? '' : ` · ${percent(fallbackShare)} drawn at random so far`;
  return [
    [
      span(stepTexts[step], step === 'full' ? undefined : 'warn'),
      span(`${queueText(advisor)}${random}`),
      ...(step === 'full' ? [] : [span(`: ${reason.text}`, 'faint')]),
    ],
  ];
}

const stepTexts = {
  full: 'in full',
  reduced: 'with fewer candidates',
  random: 'at random',
} as const;

function queueText({ mode, queue, modelLag }: AdvisorStatus): string {
  if (mode === 'inline') return '';
  const lag = modelLag === 0 ? '' : `, ${modelLag} ${modelLag === 1 ? 'result' : 'results'} behind`;
  return `, ahead of demand (${queue.ready} of ${queue.wanted} ready${lag})`;
}
