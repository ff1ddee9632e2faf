import { fail, type TrialState } from '@fleetune/core';
import type { TrialRow } from '@fleetune/coordinator/store';
import { studyClient, type StudyClient } from '@fleetune/protocol/node';
import { connect, type Address } from './address.ts';
import type { Studies } from './studies.ts';

/** The studies of a coordinator that answers elsewhere. */
export function servedStudies(address: Address): Studies {
  const ask: Studies['ask'] = (request) => {
    const connection = connect(address);
    return request(studyClient(connection)).finally(() => connection.close());
  };
  const list: Studies['list'] = () => ask((client) => client.listStudies());
  const study: Studies['study'] = async (name) => {
    const row = (await list()).find((known) => known.name === name);
    if (row === undefined) throw fail('study.not-found', address.url, { name });
    return row;
  };
  return {
    ask,
    list,
    study,
    trials: (name, state) => ask((client) => allTrials(client, name, state)),
    trial: (name, trial) => ask((client) => client.showTrial({ name, trial })),
    trialEvents: (name, trial) => ask((client) => client.trialEvents({ name, trial })),
    async status(name) {
      const status = await ask((client) => client.studyStatus({ name }));
      return { status, at: Date.now(), interrupted: false };
    },
    async remove(name) {
      await ask((client) => client.deleteStudy({ name }));
    },
  };
}

const PAGE = 1000;

async function allTrials(client: StudyClient, name: string, state: TrialState | undefined) {
  const trials: TrialRow[] = [];
  for (let page = PAGE; page === PAGE;) {
    const after = trials.at(-1)?.number;
    const more = (await client.listTrials({
      name,
      limit: PAGE,
      ...(state !== undefined && { state }),
      ...(after !== undefined && { after }),
    })) as TrialRow[];
    trials.push(...more);
    page = more.length;
  }
  return trials;
}
