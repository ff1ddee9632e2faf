import type { IncomingMessage } from 'node:http';
import { parseJsonLine } from '../metrics/json-line.ts';

export interface SentReport {
  id: string | undefined;
  step: number | undefined;
  metrics: Record<string, unknown>;
}

const MOST_BYTES = 1 << 20;

/**
 * `{"id": "7", "step": 3, "metrics": {"accuracy": 0.9}}`; the id, if any, is the same when it is sent
 * again. NaN and infinities as in metric lines.
 */
export async function readReport(
  request: IncomingMessage,
): Promise<SentReport | { error: string }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BYTES) return { error: `a report has at most ${MOST_BYTES} bytes` };
  const body = parseJsonLine(Buffer.concat(chunks).toString('utf8'));
  if (body === undefined) return { error: 'a report is a JSON object' };
  const { id, step, metrics } = body;
  if (!isObject(metrics)) return { error: 'metrics: must be an object of numbers' };
  if (step !== undefined && step !== null && typeof step !== 'number') {
    return { error: 'step: must be a number' };
  }
  return { id: typeof id === 'string' ? id : undefined, step: step ?? undefined, metrics };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
