import type { MakeChecker } from './watch.ts';

/** Ids ascend by one from 1, and the log's time never goes back, whatever the machine's clock does. */
export const logOrder: MakeChecker = (_world, broken) => {
  const latest = new Map<number, { id: number; at: number }>();
  return {
    onEvent(event, study) {
      const { id, at } = latest.get(study.id) ?? { id: 0, at: 0 };
      if (event.id !== id + 1) broken(`${study.name}: event ${event.id} after ${id}`);
      if (event.at < at) broken(`${study.name}: event ${event.id} is ${at - event.at} ms back`);
      latest.set(study.id, event);
    },
  };
};
