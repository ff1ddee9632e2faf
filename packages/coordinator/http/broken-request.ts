import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { errorInfo, errorTable, type ErrorInfo } from '@fleetune/core';

/** What is no HTTP request, or never becomes a whole one, is told so in the words of the table, and hung up on. */
export function answerBrokenRequests(server: Server): void {
  server.removeAllListeners('clientError');
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable) return void socket.destroy();
    const info = infoOf(error);
    const body = JSON.stringify(info);
    const { status } = errorTable[info.code];
    socket.end(
      `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

function infoOf({ code }: NodeJS.ErrnoException): ErrorInfo {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return errorInfo('request.timeout', '', {});
  if (code === 'HPE_HEADER_OVERFLOW') return errorInfo('request.header-too-large', '', {});
  return errorInfo('request.invalid', '', { problem: 'is no HTTP request' });
}
