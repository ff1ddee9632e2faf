// The figures that Prometheus can watch, read off the state. Their names are a contract: docs/guides/monitoring.md
// lists them, and the alert rules there build on them.

import type { StudyStatus } from '@fleetune/core';
import type { Coordinator } from '../coordinator.ts';

export interface GaugeShape {
  readonly help: string;
  readonly labels: readonly string[];
}

export const gaugeShapes = {
  fleetune_studies: { help: 'Studies of the database by state.', labels: ['state'] },
  fleetune_studies_unreadable: { help: 'Studies that cannot be read.', labels: [] },
  fleetune_study_paused: { help: '1 while a person has paused the study.', labels: ['study'] },
  fleetune_study_needs_workers: {
    help: '1 while workers could run trials of the study: it is not paused, and no loop of its own asks for them.',
    labels: ['study'],
  },
  fleetune_trials: { help: 'Trials of the study by state.', labels: ['study', 'state'] },
  fleetune_attempts_failed: {
    help: 'Attempts of the study that came to no result, by the way they ended.',
    labels: ['study', 'end'],
  },
  fleetune_events: { help: 'Events in the log of the study.', labels: ['study'] },
  fleetune_slot_seconds: {
    help: 'Time of the slots allocated to the study: busy, or lost in one category.',
    labels: ['study', 'category'],
  },
  fleetune_utilization_ratio: {
    help: 'Busy share of the slot time allocated to the study, its idle tail left out.',
    labels: ['study'],
  },
  fleetune_suggestions: { help: 'Suggestions for the study since the start.', labels: ['study'] },
  fleetune_suggestions_fallback_ratio: {
    help: 'Share of these that were drawn at random, since none of the sampler was ready.',
    labels: ['study'],
  },
  fleetune_workers: { help: 'Registered workers by state.', labels: ['state'] },
  fleetune_workers_held: {
    help: 'Workers that get no trials of the study until a person resumes them.',
    labels: ['study', 'as'],
  },
  fleetune_slots: { help: 'Slots of the registered workers, busy or free.', labels: ['state'] },
} as const satisfies Record<string, GaugeShape>;

export type GaugeName = keyof typeof gaugeShapes;

export type Sample = [labels: Record<string, string>, value: number];

/** Studies that run, and the workers that are there; ended studies only count. */
export function gaugeSamples(coordinator: Coordinator): Record<GaugeName, Sample[]> {
  const rows = coordinator.studies();
  const hosts = rows
    .filter(({ state, unreadable }) => state === 'running' && unreadable === undefined)
    .map(({ name }) => coordinator.host(name));
  const running = hosts.map((host) => coordinator.status(host));
  const each = (of: (status: StudyStatus) => Sample[]): Sample[] => running.flatMap(of);
  const workers = coordinator.workers();
  const slots = workers.flatMap((worker) => worker.slots);
  return {
    fleetune_studies: (['created', 'running', 'ended'] as const).map((state) => [
      { state },
      rows.filter((row) => row.state === state).length,
    ]),
    fleetune_studies_unreadable: [
      [{}, rows.filter(({ unreadable }) => unreadable !== undefined).length],
    ],
    fleetune_study_paused: each(({ name, paused }) => [
      [{ study: name }, paused === undefined ? 0 : 1],
    ]),
    fleetune_study_needs_workers: hosts.map(({ name, state: { spec, paused } }) => [
      { study: name },
      spec?.command === undefined || paused !== undefined ? 0 : 1,
    ]),
    fleetune_trials: each(({ name, trials }) => counts(trials, { study: name }, 'state')),
    fleetune_attempts_failed: each(({ name, failures }) =>
      counts(failures, { study: name }, 'end'),
    ),
    fleetune_events: each(({ name, lastEvent }) => [[{ study: name }, lastEvent]]),
    fleetune_slot_seconds: each(slotSeconds),
    fleetune_utilization_ratio: each(({ name, utilization }) =>
      utilization === undefined ? [] : [[{ study: name }, utilization.shareWithoutTail]],
    ),
    fleetune_suggestions: each(({ name, advisor }) =>
      advisor === undefined ? [] : [[{ study: name }, advisor.given]],
    ),
    fleetune_suggestions_fallback_ratio: each(({ name, advisor }) =>
      advisor === undefined ? [] : [[{ study: name }, advisor.fallbackShare]],
    ),
    fleetune_workers: (['active', 'paused', 'quarantined', 'leaving'] as const).map((state) => [
      { state },
      workers.filter((worker) => worker.state === state).length,
    ]),
    fleetune_workers_held: each(({ name, held = [] }) =>
      (['drained', 'quarantined'] as const).map((as) => [
        { study: name, as },
        held.filter((one) => one.as === as).length,
      ]),
    ),
    fleetune_slots: (['busy', 'free'] as const).map((state) => [
      { state },
      slots.filter(({ trial }) => (trial === undefined) === (state === 'free')).length,
    ]),
  };
}

function slotSeconds({ name, utilization }: StudyStatus): Sample[] {
  if (utilization === undefined) return [];
  const { busyUs, lossesUs } = utilization;
  return Object.entries({ busy: busyUs, ...lossesUs }).map(([category, us]) => [
    { study: name, category },
    us / 1e6,
  ]);
}

function counts(
  byKey: Readonly<Record<string, number | undefined>>,
  labels: Record<string, string>,
  label: string,
): Sample[] {
  return Object.entries(byKey).map(([key, count = 0]) => [{ ...labels, [label]: key }, count]);
}
