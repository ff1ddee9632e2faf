import type { RunEnd } from '@fleetune/core';
import type { Coordinator, StudyHost } from '@fleetune/coordinator';
import type { Store } from '@fleetune/coordinator/store';
import type { ManualClock } from '@fleetune/platform/testing';
import type { Worker } from '@fleetune/worker';
import type { Acknowledged } from './checkers/acknowledged.ts';
import type { Life } from './faults/mortal.ts';
import type { Scenario, SimulatedStudy } from './scenario.ts';
import type { Executions, Programs } from './workloads/simulated-programs.ts';

export interface World {
  readonly scenario: Scenario;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly executions: Executions;
  readonly acknowledged: Acknowledged;
  readonly machines: Machine[];
  site: Site | undefined;
  /** So many have been opened. */
  sites: number;
  /** For so long nobody coordinated. */
  awayMs: number;
  /** How each study ended, once it is not run again. */
  readonly ends: Map<string, RunEnd>;
  /** What broke that must never break. */
  readonly broken: string[];
}

/** One process that coordinates, from its start to its end or death. */
export interface Site {
  life: Life;
  /** Its connections are closed. */
  gone: PromiseWithResolvers<void>;
  coordinator: Coordinator;
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
  worker: Worker | undefined;
  programs: Programs | undefined;
  bornMs: number;
  /** What the slots of its processes could be used for, those that are over. */
  slotUs: number;
  /** Starts the next process. */
  boot(): void;
}

export function closeSite(world: World, site: Site): void {
  site.life.dead = true;
  site.gone.resolve();
  world.site = undefined;
}

export function isTroubled({ scenario, clock }: World): boolean {
  return clock.monotonic() < scenario.troubleMs;
}

export function isOver({ scenario, ends }: World): boolean {
  return scenario.studies.every(({ spec }) => ends.has(spec.name));
}

export function studyNamed({ scenario }: Pick<World, 'scenario'>, name: string): SimulatedStudy {
  return scenario.studies.find(({ spec }) => spec.name === name)!;
}
