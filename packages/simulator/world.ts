import type { RunEnd } from '@fleetune/core';
import type { ApiHandlers, Coordinator, StudyHost } from '@fleetune/coordinator';
import type { Store } from '@fleetune/coordinator/store';
import type { Clock } from '@fleetune/platform';
import type { ManualClock } from '@fleetune/platform/manual';
import type { Worker } from '@fleetune/worker';
import type { Watch } from './checkers/watch.ts';
import type { Cable } from './faults/faulty-link.ts';
import type { FaultyStore } from './faults/faulty-store.ts';
import type { Life } from './faults/life.ts';
import type { Strike } from './faults/strikes.ts';
import type { Scenario, SimulatedStudy } from './scenario.ts';
import type { Executions, Programs } from './workloads/simulated-programs.ts';

export interface World {
  readonly scenario: Scenario;
  readonly clock: ManualClock;
  /** What is on disk. */
  readonly store: Store;
  readonly executions: Executions;
  readonly machines: Machine[];
  readonly watch: Watch;
  /** How often each fault has really struck. */
  readonly strikes: Map<Strike, number>;
  site: Site | undefined;
  /** The latest one, which may not have taken up its runs yet, or be dead. */
  opened: Site | undefined;
  /** So many have been opened. */
  sites: number;
  /** For so long nobody coordinated. */
  awayMs: number;
  /** How each study ended, once it is not run again. */
  readonly ends: Map<string, RunEnd>;
}

/** One process that coordinates, from its start to its end or death. */
export interface Site {
  life: Life;
  clock: Clock;
  disk: FaultyStore;
  /** Its connections are closed. */
  gone: PromiseWithResolvers<void>;
  coordinator: Coordinator;
  /** What people, programs and workers reach. */
  api: ApiHandlers;
  /** The studies that it works on. */
  hosts: Map<string, StudyHost>;
  openedMs: number;
  /** Nobody knew another one before. */
  first: boolean;
  /** Studies whose run a person ends. */
  interrupted: Set<string>;
}

/** Where one worker process after the other runs. */
export interface Machine {
  name: string;
  life: Life;
  cable: Cable;
  worker: Worker | undefined;
  programs: Programs | undefined;
  bornMs: number;
  /** What the slots of its processes could be used for, those that are over. */
  slotUs: number;
  /** Every program crashes there. */
  bad: boolean;
  /** Its allocation has an end, that is not worth while for every trial. */
  limited: boolean;
  /** Who told its worker to leave. */
  dismissedBy: Site | undefined;
  /** Starts the next process. */
  boot(): void;
}

/** The connection of a request that comes from nowhere, and stays open. */
export const NOBODY = { reply: { raw: { once: () => undefined } } } as unknown as Parameters<
  ApiHandlers['ask']
>[1];

export function struck({ strikes }: Pick<World, 'strikes'>, strike: Strike): void {
  strikes.set(strike, (strikes.get(strike) ?? 0) + 1);
}

export function isTroubled({ scenario, clock }: World): boolean {
  return clock.monotonic() < scenario.troubleMs;
}

/** At most until then: the trouble has an end. */
export function whileTroubled({ scenario, clock }: World, ms: number): number {
  return Math.min(scenario.troubleMs, clock.monotonic() + ms);
}

export function isOver({ scenario, ends }: World): boolean {
  return scenario.studies.every(({ name }) => ends.has(name));
}

export function studyNamed({ scenario }: Pick<World, 'scenario'>, name: string): SimulatedStudy {
  return scenario.studies.find((study) => study.name === name)!;
}
