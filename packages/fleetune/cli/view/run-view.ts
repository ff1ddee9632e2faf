// The three ways to watch a run: a screen, plain lines, JSON lines.

import type { StudyEvent, StudySpec } from '@fleetune/core';
import type { RunResult } from '../../session/run-result.ts';
import type { RunSession } from '../../session/run-study.ts';
import { hasColour, isInteractive, print, printJson, type Console } from '../console.ts';
import { frameSize, openPainter, type Painter } from './painter.ts';
import { plainLog } from './plain-log.ts';
import { renderStatus } from './render-status.ts';
import type { RecentTrial } from './status-sections.ts';
import { renderSummary, type SummaryContext } from './summary.ts';
import { printable } from './text-width.ts';
import { trialEnd } from './trial-end.ts';

export type Watched = Pick<RunSession, 'status' | 'subscribe'>;

export interface RunView {
  /** A line of the study's set-up. */
  setup(line: string): void;
  /** Shows the session from now on. */
  watch(session: Watched): void;
  /** What Ctrl-C did. */
  notice(text: string): void;
  /** Ends the view; with a result, its summary stays. */
  close(): void;
  result(result: RunResult, context: Omit<SummaryContext, 'program' | 'width' | 'colour'>): void;
}

export interface RunViewOptions {
  json: boolean;
  /** The last line of a screen: what the user can do. */
  hint: string;
}

export function openRunView(
  console: Console,
  spec: StudySpec,
  { json, hint }: RunViewOptions,
): RunView {
  if (json) return jsonView(console);
  return isInteractive(console) ? screenView(console, spec, hint) : plainView(console, spec);
}

const FRAME_MS = 100;
/** Clocks move on even when nothing happens. */
const CLOCK_MS = 1000;
const RECENT = 20;

function screenView(console: Console, spec: StudySpec, firstHint: string): RunView {
  const colour = hasColour(console.stdout, console.env);
  const recent: RecentTrial[] = [];
  let hint = firstHint;
  let painter: Painter | undefined;
  let dirty = true;
  let paintedAt = -Infinity;
  const ends: (() => void)[] = [];

  function take(events: readonly StudyEvent[]): void {
    dirty = true;
    for (const event of events) {
      if (event.kind === 'trial-ended') recent.unshift(trialEnd(event, spec));
    }
    recent.length = Math.min(recent.length, RECENT);
  }

  function frame(session: Watched): void {
    const now = console.now();
    if (!dirty && now - paintedAt < CLOCK_MS) return;
    const status = session.status();
    // Set-up lines are written before the run begins; a frame would tear them.
    if (status.state !== 'running') return;
    painter ??= openPainter(console);
    const size = { ...frameSize(console), colour, now };
    painter.paint(renderStatus(status, size, { recent, hint }));
    dirty = false;
    paintedAt = now;
  }

  return {
    setup: (line) => print(console, [printable(line)]),
    watch(session) {
      ends.push(
        session.subscribe(take),
        console.every(FRAME_MS, () => frame(session)),
      );
      ends.push(console.onResize(() => (dirty = true)));
      frame(session);
    },
    notice(text) {
      hint = text;
      dirty = true;
      if (painter === undefined) print(console, [text]);
    },
    close() {
      for (const end of ends.splice(0)) end();
      painter?.close();
      painter = undefined;
    },
    result: ({ status }, context) => {
      const { program } = console;
      const width = console.stdout.columns || 80;
      print(console, renderSummary(status, { ...context, program, width, colour }));
    },
  };
}

function plainView(console: Console, spec: StudySpec): RunView {
  const colour = hasColour(console.stdout, console.env);
  const log = plainLog(spec);
  let end = (): void => undefined;
  return {
    setup: (line) => print(console, [printable(line)]),
    watch(session) {
      end = session.subscribe((events) =>
        print(
          console,
          log.take(events, console.now(), () => session.status()),
        ),
      );
    },
    notice: (text) => print(console, [text]),
    close: () => end(),
    result: ({ status }, context) => {
      const { program } = console;
      print(console, renderSummary(status, { ...context, program, width: 100, colour }));
    },
  };
}

function jsonView(console: Console): RunView {
  let end = (): void => undefined;
  return {
    setup: (line) => printJson(console, { kind: 'setup', line }),
    watch(session) {
      end = session.subscribe((events) => {
        for (const { id, at, ...what } of events) printJson(console, { id, at, ...what });
      });
    },
    notice: (text) => printJson(console, { kind: 'notice', text }),
    close: () => end(),
    result: (result, { place, command }) =>
      printJson(console, {
        kind: 'result',
        ...result,
        ...(command === undefined ? {} : { command }),
        ...place,
      }),
  };
}
