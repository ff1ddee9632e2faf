import {
  PROTOCOL,
  type Assignment,
  type CoordinatorLink,
  type ExchangeResponse,
} from '@fleetune/protocol';
import { objective } from './study.ts';

/** A worker that speaks the protocol and starts no programs. */
export interface ProtocolWorker {
  register(): Promise<void>;
  /** Brings the results of these trials, offers their slots, and answers with the next trials. */
  exchange(done: readonly Assignment[], free: readonly number[]): Promise<Assignment[]>;
  /** A long poll; answers what came, or nothing. */
  poll(free: readonly number[], waitMs: number): Promise<ExchangeResponse>;
}

export function protocolWorker(link: CoordinatorLink, name: string, slots: number): ProtocolWorker {
  const incarnation = `${name}-${process.pid}`;
  const identity = { protocol: PROTOCOL, worker: name, incarnation };
  let seq = 0;
  const nowUs = (): number => Math.round(performance.now() * 1000);
  const poll = (free: readonly number[], waitMs: number): Promise<ExchangeResponse> =>
    link.exchange({
      ...identity,
      seq: ++seq,
      nowUs: nowUs(),
      ended: [],
      reports: [],
      free: [...free],
      waitMs,
    });
  return {
    async register() {
      await link.register({ ...identity, host: 'bench', pid: process.pid, slots });
    },
    poll,
    async exchange(done, free) {
      const at = nowUs();
      const { trials, rejected } = await link.exchange({
        ...identity,
        seq: ++seq,
        nowUs: at,
        ended: done.map(({ study, trial, attempt, slot }) => {
          const use = { slot, spawnedUs: at, exitedUs: at };
          return { study, trial, attempt, end: 'completed', why: 'done', ...use };
        }),
        reports: done.map(({ study, trial, attempt, params }) => {
          const columns = { step: [1], metrics: { value: [objective(params)] } };
          return { study, trial, attempt, from: 0, columns };
        }),
        free: [...free],
        waitMs: 0,
      });
      if (rejected.length > 0) throw new Error(`refused: ${JSON.stringify(rejected[0])}`);
      return trials;
    },
  };
}
