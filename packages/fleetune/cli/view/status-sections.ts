import type { StudyStatus, TrialState } from '@fleetune/core';
import { bar, clockTime, count, etaText, figure, paramLines, trialsEnded } from './figures.ts';
import { justify, lineWidth, span, type Line, type Style } from './line.ts';

/** A trial that ended a moment ago. */
export interface RecentTrial {
  trial: number;
  state: TrialState;
  text: string;
}

const stateStyles: Partial<Record<TrialState, Style>> = {
  running: 'accent',
  completed: 'good',
  failed: 'bad',
  infeasible: 'warn',
};

const shownStates: readonly TrialState[] = [
  'running',
  'queued',
  'paused',
  'completed',
  'stopped',
  'failed',
  'infeasible',
  'cancelled',
];

export function headerLine(status: StudyStatus, width: number): Line {
  const now = status.paused !== undefined && status.state === 'running' ? 'paused' : status.state;
  const state = status.end === undefined ? now : `ended: ${status.end.reason.text}`;
  return justify(
    [
      span(status.name, 'strong'),
      span(`  ${state}`, stateStyle(now)),
      span(`   ${status.sampler} · ${status.scheduler} · seed ${status.seed}`, 'faint'),
    ],
    [span(clockTime(status.elapsedMs), 'strong')],
    width,
  );
}

function stateStyle(state: StudyStatus['state'] | 'paused'): Style {
  return state === 'paused' ? 'warn' : state === 'running' ? 'accent' : 'strong';
}

/** Bars of the budget, with the time that is left. */
export function progressLines(status: StudyStatus, width: number): Line[] {
  const { budget } = status;
  const eta = status.etaMs === undefined ? '' : `   ${etaText(status.etaMs)}`;
  const ended = trialsEnded(status);
  const trials =
    budget.trials === undefined
      ? undefined
      : {
          share: ended / budget.trials,
          text: `${ended} / ${budget.trials}`,
        };
  const time =
    budget.timeMs === undefined
      ? undefined
      : {
          share: status.elapsedMs / budget.timeMs,
          text: `${clockTime(status.elapsedMs)} / ${clockTime(budget.timeMs)}`,
        };
  const rows = [trials, time].filter((row) => row !== undefined);
  const longest = Math.max(0, ...rows.map(({ text }) => text.length));
  const lines = rows.map(({ share, text }, i) => {
    const after = `  ${text.padStart(longest)}${i === 0 ? eta : ''}`;
    const room = Math.min(100, width - longest - (eta === '' ? 2 : eta.length + 2));
    return room < 4 ? [span(after.trimStart())] : [...bar(share, room), span(after)];
  });
  return lines.length > 0 ? lines : [[span(`${ended} trials${eta}`)]];
}

/** Those that wait on their slots behind another trial are queued, and as good as on their way. */
export function countsLine({ trials, reserves = [] }: StudyStatus): Line {
  const next = Math.min(reserves.length, trials.queued);
  const parts = shownStates
    .map((state) => ({ state, number: trials[state] - (state === 'queued' ? next : 0) }))
    .filter(({ number }) => number > 0)
    .map(({ state, number }) => span(`${count(number)} ${state}`, stateStyles[state]));
  if (next > 0) parts.splice(trials.running > 0 ? 1 : 0, 0, span(`${count(next)} next in line`));
  if (parts.length === 0) return [span('no trial yet', 'faint')];
  return parts.flatMap((part, i) => (i > 0 ? [span(' · ', 'faint'), part] : [part]));
}

export function incumbentLines(status: StudyStatus, width: number): Line[] {
  const { incumbent, baseline, objective, fidelity } = status;
  if (incumbent === undefined) return [[span(`no ${objective.metric} yet`, 'faint')]];
  const at =
    incumbent.step === undefined
      ? ''
      : ` · ${fidelity?.metric ?? 'step'} ${figure(incumbent.step)}`;
  const target = status.budget.target;
  const first: Line = [
    span(figure(incumbent.value), 'good'),
    span(` ${objective.metric}${at} · trial ${incumbent.trial}`),
    ...(baseline === undefined ? [] : [span(`   defaults ${figure(baseline.value)}`, 'faint')]),
  ];
  const aim: Line = target === undefined ? [] : [span(`   target ${figure(target)}`, 'faint')];
  const both = [...first, ...aim];
  return [lineWidth(both) <= width ? both : first, ...paramLines(incumbent.params, width)];
}

export function rungLines(status: StudyStatus, width: number): Line[] {
  const name = status.fidelity?.metric ?? 'step';
  const most = Math.max(1, ...status.rungs.map(({ reached }) => reached));
  const figures = status.rungs.map(({ fidelity, reached, stopped, best }) => ({
    fidelity: figure(fidelity),
    share: reached / most,
    reached: String(reached),
    text: `${stopped > 0 ? `${stopped} stopped` : ''}`,
    best: best === undefined ? '' : figure(best),
  }));
  const longest = (texts: string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const fidelityWidth = longest(figures.map(({ fidelity }) => fidelity));
  const reachedWidth = longest(figures.map(({ reached }) => reached));
  const textWidth = longest(figures.map(({ text }) => text));
  return figures.map(({ fidelity, share, reached, text, best }) => [
    span(`${name} ${fidelity.padStart(fidelityWidth)}  `),
    ...bar(share, width < 80 ? 14 : 24),
    span(`  ${reached.padStart(reachedWidth)} reached`),
    span(`  ${text.padEnd(textWidth)}`, 'faint'),
    ...(best === '' ? [] : [span('  best ', 'faint'), span(best)]),
  ]);
}

export function failureLines(status: StudyStatus, tailLines: number): Line[] {
  const failure = status.lastFailure;
  if (failure === undefined) return [];
  const tail = (failure.tail ?? []).filter((line) => line.trim() !== '').slice(-tailLines);
  const { text } = failure.reason;
  const what = text.startsWith(failure.end) ? text : `${failure.end}: ${text}`;
  return [
    [span(`trial ${failure.trial} `, 'bad'), span(what)],
    ...tail.map((line) => [span(line, 'faint')]),
  ];
}

export function recentLines(recent: readonly RecentTrial[]): Line[] {
  const longest = Math.max(0, ...recent.map(({ trial }) => String(trial).length));
  return recent.map(({ trial, state, text }) => [
    span(`#${String(trial).padEnd(longest)}  `),
    span(state.padEnd(10), stateStyles[state]),
    span(`  ${text}`),
  ]);
}
