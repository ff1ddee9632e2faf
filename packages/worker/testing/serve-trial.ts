// A trial server by itself, for the tests of clients in other languages. A line `open` on standard input opens the door
// of another trial and prints it; `reports` prints all that came through it. It says stop at step 5.

import { createInterface } from 'node:readline';
import { systemRandom } from '@fleetune/platform/node';
import { startTrialServer } from '../trial-server/trial-server.ts';

const STOP_AT = 5;

const server = await startTrialServer(systemRandom);
let reports: object[] = [];

function open(): object {
  const told: object[] = [];
  reports = told;
  const { url, token } = server.open({
    info: () => ({ params: {}, checkpointDir: '' }),
    report(step, metrics) {
      told.push({ step, metrics });
      return Promise.resolve({ stop: step === STOP_AT });
    },
  });
  return { url, token };
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  process.stdout.write(`${JSON.stringify(line === 'open' ? open() : reports)}\n`);
});
lines.on('close', () => void server.close());
