// The client's side of a benchmark on the coordinator's own machine: what it takes of the processors, the coordinator
// lacks. So requests are one text, and answers are read as far as ours need it.

import { connect, type Socket } from 'node:net';
import { FleetuneError, type ErrorInfo } from '@fleetune/core';
import type { HttpConnection } from '@fleetune/protocol/node';

interface Line {
  socket: Socket;
  received: string;
  waiting: { resolve(answer: unknown): void; reject(error: Error): void } | undefined;
}

/** Kept-alive connections, as many as there are calls at a time. Bodies are ASCII. */
export function leanConnection(url: string, token: string): Pick<HttpConnection, 'call'> {
  const { hostname, port, host } = new URL(url);
  const idle: Line[] = [];
  const head = `HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n`;

  function open(): Line {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const line: Line = { socket, received: '', waiting: undefined };
    socket.setEncoding('latin1');
    socket.on('data', (text: unknown) => receive(line, String(text)));
    socket.on('close', () => {
      line.waiting?.reject(new Error('the coordinator hung up'));
      if (idle.includes(line)) idle.splice(idle.indexOf(line), 1);
    });
    socket.on('error', (error) => line.waiting?.reject(error));
    return line;
  }

  function receive(line: Line, text: string): void {
    line.received += text;
    const end = line.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/^content-length: *(\d+)/im.exec(line.received)?.[1]);
    if (line.received.length < end + 4 + length) return;
    const answer: unknown = JSON.parse(line.received.slice(end + 4));
    const status = line.received.slice(9, 12);
    const { resolve, reject } = line.waiting!;
    line.received = '';
    line.waiting = undefined;
    idle.push(line);
    if (status === '200') resolve(answer);
    else reject(new FleetuneError(answer as ErrorInfo));
  }

  return {
    call: (method, path, body = {}) =>
      new Promise((resolve, reject) => {
        const line = idle.pop() ?? open();
        line.waiting = { resolve, reject };
        const text = JSON.stringify(body);
        line.socket.write(
          `${method} /api/v1${path} ${head}content-type: application/json\r\n` +
            `content-length: ${text.length}\r\n\r\n${text}`,
          'latin1',
        );
      }),
  };
}
