// What stays in the terminal when a run is over.

import type { AttemptEnd, StudyStatus } from '@fleetune/core';
import { asTyped } from '../as-typed.ts';
import { clockTime, count, figure, paramLines, percent } from './figures.ts';
import { flow } from './flow.ts';
import { frontLines, objectivesText } from './front-lines.ts';
import { fit, paintLine, span, type Line } from './line.ts';
import { contentWidth, labelled } from './section.ts';
import { countsLine, failureLines } from './status-sections.ts';
import { lossNames } from './utilization-lines.ts';

const FRONT_ROWS = 12;

export interface SummaryContext {
  /** The database and the folder of the trials' logs, or the coordinator that has both. */
  place: { database: string; files: string } | { on: string };
  /** Trains the incumbent again; absent without an incumbent or for studies without a command. */
  command?: string;
  /** STUDY as the user would write it. */
  study: string;
  /** The command as the user called it. */
  program: string;
  width: number;
  colour: boolean;
}

export function renderSummary(status: StudyStatus, context: SummaryContext): string[] {
  const { width, colour } = context;
  const inner = contentWidth(width);
  const row = (label: string, content: readonly Line[]): Line[] => labelled(label, content, width);
  const flowed = (label: string, content: readonly Line[]): Line[] =>
    row(
      label,
      content.flatMap((line) => flow(line, inner)),
    );
  const block: Line[] = [
    ...flow(endLine(status), width),
    [],
    ...(status.objectives === undefined
      ? row('Incumbent', incumbentLines(status, inner))
      : row('Pareto front', frontLines(status, FRONT_ROWS))),
    ...flowed('Defaults', baselineLines(status)),
    ...flowed('Trials', [countsLine(status)]),
    ...flowed('Spent', [spentLine(status)]),
    ...row('Utilization', utilizationLines(status, inner)),
    ...flowed('Failures', failuresLines(status)),
    ...placeRows(context.place).flatMap(([label, text]) => row(label, [[span(text)]])),
  ];
  return [
    ...block.map((line) => paintLine(fit(line, width), colour)),
    // Commands are for copying: never cut.
    ...(context.command === undefined
      ? []
      : ['', 'Train the incumbent again:', `  ${context.command}`]),
    '',
    'Next:',
    ...nextSteps(status, context).map((step) => `  ${asTyped(step, context.program)}`),
  ];
}

function placeRows(place: SummaryContext['place']): [label: string, text: string][] {
  if ('on' in place) return [['Coordinator', place.on]];
  return [
    ['Database', place.database],
    ['Logs', place.files],
  ];
}

function endLine({ name, state, end, elapsedMs }: StudyStatus): Line {
  const how = end?.end === 'drained' ? 'drained' : state;
  const why = end === undefined ? '' : `: ${end.reason.text}`;
  return [span(name, 'strong'), span(` ${how}${why}`), span(`   ${clockTime(elapsedMs)}`, 'faint')];
}

function incumbentLines(status: StudyStatus, width: number): Line[] {
  const { incumbent, objective, fidelity } = status;
  if (incumbent === undefined) {
    return [[span(`none: no trial gave a value of ${objective.metric}`, 'bad')]];
  }
  const at =
    incumbent.step === undefined
      ? ''
      : ` at ${fidelity?.metric ?? 'step'} ${figure(incumbent.step)}`;
  return [
    [
      span(`${objective.metric} `),
      span(figure(incumbent.value), 'good'),
      span(`${at}, trial ${incumbent.trial}`),
    ],
    ...paramLines(incumbent.params, width, 17),
  ];
}

function baselineLines(status: StudyStatus): Line[] {
  const { baseline, incumbent, objective, objectives, fidelity } = status;
  if (baseline === undefined) return [];
  const at =
    baseline.step === undefined ? '' : ` at ${fidelity?.metric ?? 'step'} ${figure(baseline.step)}`;
  const gain = Number(incumbent?.value) - Number(baseline.value);
  const better = objective.direction === 'maximize' ? gain > 0 : gain < 0;
  return [
    [
      span(`${objectivesText(status, baseline)}${at}, trial ${baseline.trial}`),
      ...(better && objectives === undefined
        ? [span(`   the search gained ${gain > 0 ? '+' : ''}${figure(gain, 3)}`, 'good')]
        : []),
    ],
  ];
}

function spentLine({ stopping, fidelity, elapsedMs }: StudyStatus): Line {
  const time = `${clockTime(elapsedMs)} of running`;
  if (stopping === undefined) return [span(time)];
  const unit = fidelity?.metric ?? 'step';
  const total = stopping.spent + stopping.saved;
  const saved = total === 0 ? 0 : stopping.saved / total;
  return [
    span(`${time}, ${count(stopping.spent)} × ${unit}; `),
    span(`stopping saved ${count(stopping.saved)} (${percent(saved)})`),
  ];
}

function utilizationLines({ utilization }: StudyStatus, width: number): Line[] {
  if (utilization === undefined || utilization.allocatedUs === 0) return [];
  const { slots, share, shareWithoutTail, lossesUs, allocatedUs, gapMs } = utilization;
  const losses = Object.entries(lossesUs)
    .filter(([, us]) => us > 0)
    .sort(([, a], [, b]) => b - a)
    .map(
      ([name, us]) => `${lossNames[name as keyof typeof lossesUs]} ${percent(us / allocatedUs)}`,
    );
  return [
    [
      span(`${percent(share)} of ${slotsText(slots)} busy`),
      ...(percent(shareWithoutTail) === percent(share)
        ? []
        : [span(`, ${percent(shareWithoutTail)} without the idle tail`, 'faint')]),
    ],
    ...wrap(losses, width),
    ...(gapMs === undefined
      ? []
      : [
          [
            span(
              `${count(gapMs.count)} ${gapMs.count === 1 ? 'gap' : 'gaps'}: p50 ${figure(gapMs.p50, 3)} ms, p99 ${figure(gapMs.p99, 3)} ms`,
              'faint',
            ),
          ],
        ]),
  ];
}

/** Slots of workers that come and go have no number. */
function slotsText(slots: number): string {
  return slots === 0 ? 'all slots' : slots === 1 ? '1 slot' : `${slots} slots`;
}

function failuresLines(status: StudyStatus): Line[] {
  const classes = (Object.entries(status.failures) as [AttemptEnd, number][])
    .filter(([, times]) => times > 0)
    .map(([end, times]) => `${count(times)} ${end}`);
  if (classes.length === 0) return [];
  return [[span(classes.join(' · '))], ...failureLines(status, 3)];
}

function nextSteps(status: StudyStatus, { study, place }: SummaryContext): string[] {
  const best = status.front?.[0];
  const steps = [
    ...(best === undefined
      ? []
      : [`fleetune trial show ${study} ${best.trial}   (how to train it)`]),
    `fleetune trial list ${study}`,
  ];
  const failure = status.lastFailure;
  if (failure !== undefined) {
    steps.push(`fleetune trial logs ${study} ${failure.trial}`);
  }
  steps.push(`fleetune study export ${study} --format csv`);
  if (status.end?.end === 'drained')
    return [`fleetune run ${study}   (goes on from here)`, ...steps];
  if (status.end?.end === 'start-crash') {
    const mended = `fleetune run ${study}   (once the program is mended: goes on from here)`;
    return [mended, `fleetune run ${study} --keep-going   (whatever crashes)`, ...steps];
  }
  // A coordinator elsewhere takes changes from a study file only.
  const changeable = !('on' in place && study.startsWith(`${status.name} `));
  if (status.end?.end === 'budget-trials' && changeable) {
    steps.push(`fleetune run ${study} --trials ${status.trialsUsed * 2}   (goes on from here)`);
  }
  return steps;
}

/** `a · b · c` on as many lines as it takes. */
function wrap(parts: readonly string[], width: number): Line[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 3 + part.length <= width) {
      lines[lines.length - 1] = `${last} · ${part}`;
    } else {
      lines.push(part);
    }
  }
  return lines.map((line) => [span(line, 'faint')]);
}
