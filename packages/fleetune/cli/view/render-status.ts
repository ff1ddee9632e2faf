import type { StudyStatus } from '@fleetune/core';
import { frontLines } from './front-lines.ts';
import { fit, paintLine, span, type Line } from './line.ts';
import { beside, contentWidth, labelled, stack, type Section } from './section.ts';
import { slotLines } from './slot-lines.ts';
import * as part from './status-sections.ts';
import * as notice from './notice-lines.ts';
import { lossLines, utilizationLine } from './utilization-lines.ts';

export interface ViewSize {
  width: number;
  height: number;
  colour: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

export interface ViewExtras {
  /** Trials that ended, the latest first. */
  recent?: readonly part.RecentTrial[];
  /** The last line: what the user can do now. */
  hint?: string;
}

/** From this width on, two columns. */
const WIDE = 120;

/** The live view: at most `height` lines of at most `width` columns. */
export function renderStatus(
  status: StudyStatus,
  { width, height, colour, now }: ViewSize,
  { recent = [], hint = '' }: ViewExtras = {},
): string[] {
  const sections =
    width >= WIDE
      ? wideSections(status, now, width, recent)
      : narrowSections(status, now, width, recent);
  const footer: Section = { lines: hint === '' ? [] : [[span(hint, 'faint')]], least: 1, drop: 1 };
  return stack([...sections, footer], height).map((line) => paintLine(fit(line, width), colour));
}

function narrowSections(
  status: StudyStatus,
  now: number,
  width: number,
  recent: readonly part.RecentTrial[],
): Section[] {
  return [
    head(status, width),
    notices(status, now, width),
    incumbent(status, width),
    slots(status, now, width),
    rungs(status, width),
    {
      lines: [
        ...labelled('Utilization', [utilizationLine(status)], width),
        ...labelled('Last failure', part.failureLines(status, 1), width),
      ],
      least: 1,
      drop: 3,
    },
    ended(recent.slice(0, 8), width),
  ];
}

function wideSections(
  status: StudyStatus,
  now: number,
  width: number,
  recent: readonly part.RecentTrial[],
): Section[] {
  const left = Math.floor((width - 3) / 2);
  const right = width - 3 - left;
  const columns = beside(
    stack([incumbent(status, left), slots(status, now, left)], 24),
    stack([rungs(status, right), utilization(status, right), failure(status, right)], 24),
    left,
  );
  return [
    head(status, width),
    notices(status, now, width),
    { lines: columns, least: 4, drop: 2 },
    ended(recent.slice(0, 20), width),
  ];
}

function head(status: StudyStatus, width: number): Section {
  const inner = contentWidth(width);
  const progress = [...part.progressLines(status, inner), part.countsLine(status)];
  return {
    lines: [part.headerLine(status, width), [], ...labelled('Trials', progress, width)],
    least: 4,
    drop: 0,
  };
}

/** Nothing, when all is as usual. */
function notices(status: StudyStatus, now: number, width: number): Section {
  const lines = [
    ...labelled('Paused', notice.pausedLines(status, now), width),
    ...labelled('Workers', notice.workerLines(status), width),
    ...labelled('Set aside', notice.asideLines(status), width),
    ...labelled('Suggestions', notice.advisorLines(status), width),
  ];
  return { lines, least: 1, drop: 1 };
}

function incumbent(status: StudyStatus, width: number): Section {
  if (status.objectives !== undefined) {
    const front = labelled('Pareto front', frontLines(status, 6), width);
    return { lines: front, least: 2, drop: 1 };
  }
  const lines = part.incumbentLines(status, contentWidth(width));
  return { lines: labelled('Incumbent', lines, width), least: 2, drop: 1, more: hiddenParams };
}

function slots(status: StudyStatus, now: number, width: number): Section {
  const lines = labelled('Slots', slotLines(status, now, contentWidth(width)), width);
  return { lines, least: 1, drop: 2, more: (hidden) => more(hidden, 'slots') };
}

function rungs(status: StudyStatus, width: number): Section {
  const lines = part.rungLines(status, contentWidth(width));
  return { lines: labelled('Rungs', lines, width), least: 0, drop: 4 };
}

function utilization(status: StudyStatus, width: number): Section {
  const lines = [utilizationLine(status), ...lossLines(status)];
  return { lines: labelled('Utilization', lines, width), least: 1, drop: 3 };
}

function failure(status: StudyStatus, width: number): Section {
  return {
    lines: labelled('Last failure', part.failureLines(status, 6), width),
    least: 1,
    drop: 2,
  };
}

function ended(recent: readonly part.RecentTrial[], width: number): Section {
  return { lines: labelled('Ended', part.recentLines(recent), width), least: 0, drop: 5 };
}

function hiddenParams(hidden: number): Line {
  return labelled('', [[span(`… ${hidden} more lines of params`, 'faint')]], Infinity)[0]!;
}

function more(hidden: number, what: string): Line {
  return labelled('', [[span(`… and ${hidden} more ${what}`, 'faint')]], Infinity)[0]!;
}
