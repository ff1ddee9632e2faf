import type { Losses, StudyStatus } from '@fleetune/core';
import { figure, percent } from './figures.ts';
import { span, type Line } from './line.ts';

/** Short names for one line; the long ones say what a loss is. */
const shortLossNames: Record<keyof Losses, string> = {
  startUp: 'start-up',
  gap: 'gaps',
  suggestion: 'suggestions',
  decision: 'decisions',
  tail: 'idle tail',
  drained: 'draining',
  lost: 'lost work',
};

export const lossNames: Record<keyof Losses, string> = {
  startUp: 'start-up',
  gap: 'gaps between trials',
  suggestion: 'waiting for a suggestion',
  decision: 'waiting for a decision',
  tail: 'idle tail',
  drained: 'drained',
  lost: 'lost work',
};

export function utilizationLine(status: StudyStatus): Line {
  const { utilization, stopping } = status;
  const saved =
    stopping === undefined || stopping.saved <= 0
      ? []
      : [
          span(' · ', 'faint'),
          span(`stopping saved ${percent(stopping.saved / (stopping.saved + stopping.spent))}`),
        ];
  if (utilization === undefined || utilization.allocatedUs === 0) {
    return [span('not measured yet', 'faint'), ...saved];
  }
  const { largestLoss } = utilization;
  return [
    span(percent(utilization.share), utilization.share >= 0.9 ? 'good' : 'warn'),
    span(` busy`),
    ...(largestLoss === undefined
      ? []
      : [
          span(' · ', 'faint'),
          span(
            `largest loss ${shortLossNames[largestLoss.category]} ${percent(largestLoss.share)}`,
          ),
        ]),
    ...saved,
  ];
}

/** Every loss that took anything, the largest first. */
export function lossLines(status: StudyStatus): Line[] {
  const { utilization } = status;
  if (utilization === undefined || utilization.allocatedUs === 0) return [];
  const losses = (Object.entries(utilization.lossesUs) as [keyof Losses, number][])
    .filter(([, us]) => us > 0)
    .sort(([, a], [, b]) => b - a);
  const gap = utilization.gapMs;
  return [
    ...losses.map(([category, us]) => [
      span(percent(us / utilization.allocatedUs).padStart(7)),
      span(`  ${lossNames[category]}`, 'faint'),
    ]),
    ...(gap === undefined
      ? []
      : [[span(`gap p50 ${figure(gap.p50, 3)} ms, p99 ${figure(gap.p99, 3)} ms`, 'faint')]]),
  ];
}
