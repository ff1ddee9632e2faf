import { utilization } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

/** Every second of every slot is in one account, and they sum up exactly, at every instant. */
export const ledger: MakeChecker = (world, broken) => ({
  onEvent(_event, { name, state }) {
    const { allocatedUs, ...parts } = state.ledger.totals;
    const values = Object.values(parts);
    const sum = values.reduce((a, b) => a + b, 0);
    if (sum !== allocatedUs) broken(`${name}: the parts are ${sum} of ${allocatedUs} us`);
    if (values.some((part) => part < 0 || !Number.isInteger(part))) {
      broken(`${name}: a part is negative or broken: ${JSON.stringify(parts)}`);
    }
    const host = world.site?.hosts.get(name);
    if (host === undefined) return;
    // The view counts the present too.
    const view = utilization(host.state, world.site!.coordinator.dispatcher.live(host));
    if (view === undefined) return;
    const seen = Object.values(view.lossesUs).reduce((a, b) => a + b, view.busyUs);
    if (seen !== view.allocatedUs) broken(`${name}: the view is ${seen} of ${view.allocatedUs} us`);
  },
});
