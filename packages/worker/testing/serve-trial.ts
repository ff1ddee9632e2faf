// A trial server by itself, for the tests of clients in other languages: prints its door, then every report; says stop
// from step 5 on; ends with its standard input.

import { systemRandom } from '@fleetune/platform/node';
import { startTrialServer } from '../trial-server/trial-server.ts';

const STOP_AT = 5;

const server = await startTrialServer(systemRandom);
const { url, token } = server.open({
  info: () => ({ params: {}, checkpointDir: '' }),
  report(step, metrics) {
    process.stdout.write(`${JSON.stringify({ step, metrics })}\n`);
    return Promise.resolve({ stop: step === STOP_AT });
  },
});
process.stdout.write(`${JSON.stringify({ url, token })}\n`);
process.stdin.on('end', () => void server.close()).resume();
