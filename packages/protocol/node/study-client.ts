import type { StudyStatus } from '@fleetune/core';
import type { EnqueueResponse } from '../resources.ts';
import type { HttpConnection } from './http-connection.ts';

/** What a person or program asks of a study that another process owns. */
export interface StudyClient {
  status(study: string): Promise<StudyStatus>;
  enqueue(study: string, params: Record<string, unknown>): Promise<number>;
  stopStudy(study: string, reason: string): Promise<void>;
  stopTrial(study: string, trial: number, reason: string): Promise<void>;
}

export function studyClient(connection: HttpConnection): StudyClient {
  const path = (study: string): string => `/studies/${encodeURIComponent(study)}`;
  return {
    status: async (study) => (await connection.call('GET', path(study))) as StudyStatus,
    async enqueue(study, params) {
      const answer = await connection.call('POST', `${path(study)}/trials`, { params });
      return (answer as EnqueueResponse).trial;
    },
    async stopStudy(study, reason) {
      await connection.call('POST', `${path(study)}/stop`, { reason });
    },
    async stopTrial(study, trial, reason) {
      await connection.call('POST', `${path(study)}/trials/${trial}/stop`, { reason });
    },
  };
}
