import type { Incumbent, StudyStatus } from '@fleetune/core';
import { count, figure, paramText } from './figures.ts';
import { span, type Line } from './line.ts';
import { textWidth } from './text-width.ts';

/** The Pareto front of several objectives: a row per trial, its objectives and its params. */
export function frontLines(status: StudyStatus, most: number): Line[] {
  const { objectives = [], front = [] } = status;
  const names = objectives.map(({ metric, direction }) =>
    direction === 'maximize' ? `${metric} ↑` : `${metric} ↓`,
  );
  if (front.length === 0) return [[span(`no trial with ${names.join(' and ')} yet`, 'faint')]];
  const rows = front
    .slice(0, most)
    .map((one) => [
      ...objectives.map(({ metric }, index) => figure(objectiveOf(one, metric, index))),
      String(one.trial),
    ]);
  const header = [...names, 'trial'];
  const widths = header.map((name, i) =>
    Math.max(textWidth(name), ...rows.map((row) => textWidth(row[i]!))),
  );
  const cells = (row: readonly string[]): string =>
    row.map((text, i) => ' '.repeat(widths[i]! - textWidth(text)) + text).join('   ');
  const hidden = front.length - rows.length;
  return [
    [span(cells(header), 'faint')],
    ...rows.map((row, i): Line => [
      span(cells(row), 'good'),
      span(`   ${paramsText(front[i]!)}`, 'faint'),
    ]),
    ...(hidden > 0 ? [[span(`… and ${count(hidden)} more trials on the front`, 'faint')]] : []),
  ];
}

/** `val_accuracy 0.98, latency_ms 12`: every objective of one trial. */
export function objectivesText(
  { objective, objectives = [objective] }: Pick<StudyStatus, 'objective' | 'objectives'>,
  trial: Incumbent,
): string {
  return objectives
    .map(({ metric }, index) => `${metric} ${figure(objectiveOf(trial, metric, index))}`)
    .join(', ');
}

function objectiveOf({ value, metrics }: Incumbent, metric: string, index: number) {
  return index === 0 ? value : metrics[metric]!;
}

function paramsText({ params }: Incumbent): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${paramText(value)}`)
    .join('  ');
}
