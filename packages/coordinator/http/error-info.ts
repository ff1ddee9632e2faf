import { FleetuneError, errorInfo, errorTable, type ErrorInfo } from '@fleetune/core';
import type { FastifyError } from 'fastify';

/** Whatever a handler or the framework threw, as one row of the error table and its HTTP status. */
export function errorInfoOf(error: unknown): { status: number; info: ErrorInfo } {
  const info = infoOf(error);
  return { status: errorTable[info.code].status, info };
}

function infoOf(error: unknown): ErrorInfo {
  if (error instanceof FleetuneError) return error.info;
  if (error instanceof AggregateError) return allOf(error);
  const { validation, validationContext, statusCode, message } = error as FastifyError;
  const first = validation?.[0];
  if (first !== undefined) {
    const place = `${validationContext ?? 'body'}${first.instancePath.replaceAll('/', '.')}`;
    return errorInfo('request.invalid', place, { problem: first.message ?? 'is not valid' });
  }
  if (statusCode === 413) return errorInfo('request.too-large', 'body', {});
  if (statusCode === 415) return errorInfo('request.media-type', 'body', {});
  if (statusCode !== undefined && statusCode < 500) {
    return errorInfo('request.invalid', 'body', { problem: message });
  }
  return errorInfo('internal', '', { problem: String((error as Error)?.stack ?? error) });
}

/** One input may have several mistakes: the first one, and all of them beside it. */
function allOf({ errors }: AggregateError): ErrorInfo {
  const infos = errors.map((error) => infoOf(error));
  return { ...infos[0]!, errors: infos } as ErrorInfo;
}
