import { resolve } from 'node:path';
import type { Clock } from '@fleetune/platform';
import type { Program } from '@fleetune/protocol';
import { mayBeJsonLine, parseJsonLine } from '../metrics/json-line.ts';
import { createLineSplitter } from '../metrics/line-splitter.ts';
import { followMetricFile } from '../metrics/metric-file.ts';
import type { MetricRows } from '../metrics/metric-row.ts';
import { createRegexRows } from '../metrics/regex-rows.ts';

/** Finds the metrics of one trial in what its program leaves. */
export interface MetricSource {
  output(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** Everything that was written has become rows. */
  end(): Promise<void> | undefined;
}

/** The file of `metrics: {file: PATH}`: relative paths are in the trial's own folder, where no other trial writes. */
export function metricsFileOf(program: Program, trialFolder: string): string | undefined {
  const { metrics } = program;
  return metrics.from === 'file' ? resolve(trialFolder, metrics.path) : undefined;
}

export function metricSource(
  program: Program,
  metricsFile: string | undefined,
  rows: MetricRows,
  clock: Clock,
): MetricSource {
  const { metrics } = program;
  if (metrics.from === 'stdout-json') return jsonLines(rows);
  if (metrics.from === 'regex') return matches(metrics.patterns, program.fidelity, rows);
  const file = followMetricFile(metricsFile!, clock, (line) => takeJson(rows, line));
  return { output: () => undefined, end: () => file.end() };
}

function jsonLines(rows: MetricRows): MetricSource {
  const splitter = createLineSplitter((line) => takeJson(rows, line), mayBeJsonLine);
  return {
    output(stream, chunk) {
      if (stream === 'stdout') splitter.push(chunk);
    },
    end: () => void splitter.end(),
  };
}

/** Loggers write to stderr: its lines count, too. */
function matches(
  patterns: Readonly<Record<string, string>>,
  fidelity: string | undefined,
  rows: MetricRows,
): MetricSource {
  const found = createRegexRows(patterns, fidelity, (row) => void rows.take(row));
  const splitters = {
    stdout: createLineSplitter((line) => found.line(line)),
    stderr: createLineSplitter((line) => found.line(line)),
  };
  return {
    output: (stream, chunk) => splitters[stream].push(chunk),
    end() {
      splitters.stdout.end();
      splitters.stderr.end();
      found.end();
    },
  };
}

function takeJson(rows: MetricRows, line: string): void {
  const raw = parseJsonLine(line);
  if (raw !== undefined) rows.take(raw);
}
