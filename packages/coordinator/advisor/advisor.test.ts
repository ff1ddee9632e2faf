import type { Suggestion } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { describe, expect, it } from 'vitest';
import { scriptedStudy } from './testing/scripted-study.ts';

const MOVED = { movedBecause: 'suggestions are dear' };

/** So many trials run, one after the other has been asked for in time, and the queue is filled. */
function busyStudy(parallelism = 8, change = {}) {
  const study = scriptedStudy(change, MOVED);
  study.clock.advance(0);
  for (let i = 0; i < parallelism; i++) study.askPatiently();
  study.clock.advance(1_000);
  for (let i = 0; i < 20; i++) {
    study.end();
    study.ask();
    study.clock.advance(100);
  }
  return study;
}

describe('an advisor whose sampler is cheap', () => {
  it('makes each suggestion when it is asked for, and starts no thread', () => {
    const study = scriptedStudy();
    for (let i = 0; i < 200; i++) {
      expect(study.ask()).toHaveProperty('params');
      if (study.running.size > 3) study.end();
      study.clock.advance(1_000);
    }
    expect(study.thinker.starts).toBe(0);
    expect(study.advisor.status()).toMatchObject({ mode: 'inline', given: 200, fallbackShare: 0 });
  });
});

describe('an advisor whose sampler is dear', () => {
  const dear = (stepMs: number, sampler = {}) => {
    const clock = manualClock();
    let extraMs = 0;
    // Every look at the clock takes so long, so that the sampler seems to.
    const monotonic = (): number => clock.monotonic() + (extraMs += stepMs);
    return scriptedStudy(sampler, { clock: { ...clock, monotonic } });
  };

  it('moves to a thread, and gives suggestions of its own until that is ready', () => {
    const study = dear(2);
    const asked = Array.from({ length: 60 }, () => study.ask() as Suggestion);
    expect(study.advisor.status()).toMatchObject({ mode: 'thread', fallbackShare: 0 });
    expect(asked.map(({ reason }) => reason.code)).not.toContain('fallback-starting');
  });

  it('gives none that takes longer than an ask may, from the moment that is known', () => {
    const study = dear(120);
    const codes = [1, 2, 3].map(() => (study.ask() as Suggestion).reason.code);
    expect(codes).toEqual(['startup', 'fallback-starting', 'fallback-starting']);
  });

  it('stays where it is when the machine is full, and only the time passes', () => {
    const study = dear(50);
    study.thinker.workedMs = () => 0;
    for (let i = 0; i < 60; i++) study.ask();
    expect(study.advisor.status().mode).toBe('inline');
  });

  it('moves though the clock of the work done stands still in so short a time', () => {
    const study = dear(2);
    study.thinker.workedMs = () => 0;
    for (let i = 0; i < 60; i++) study.ask();
    expect(study.advisor.status().mode).toBe('thread');
  });

  it('never moves when it is a grid, or chance', () => {
    for (const sampler of [{ type: 'random' }, { type: 'grid', counts: { x: 9, y: 9 } }] as const) {
      const study = dear(50, { sampler });
      for (let i = 0; i < 20; i++) study.ask();
      expect(study.advisor.status().mode).toBe('inline');
    }
  });
});

describe('an advisor in a thread', () => {
  it('has suggestions of the sampler ready when they are asked for', () => {
    const study = busyStudy();
    for (let i = 0; i < 50; i++) {
      study.end();
      expect(study.ask()).toMatchObject({ sampler: 'tpe' });
      study.clock.advance(100);
    }
    expect(study.advisor.status()).toMatchObject({ mode: 'thread', step: 'full', modelLag: 0 });
  });

  it('gives the fallback at once when none is ready, and says why', () => {
    const study = busyStudy();
    const answers = Array.from({ length: 80 }, () => study.ask() as Suggestion);
    const last = answers.at(-1)!;
    expect(last).toMatchObject({ sampler: 'random', reason: { code: 'fallback-empty' } });
    expect(last.reason.text).toContain('in place of tpe: none was ready (one takes 10 ms');
    expect(new Set(answers.map(({ params }) => JSON.stringify(params))).size).toBe(80);
    expect(study.advisor.status().fallbackShare).toBeGreaterThan(0.5);
  });

  it('serves a whole round of results in one message from its queue', () => {
    const study = busyStudy();
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 8; i++) study.end();
      for (let i = 0; i < 8; i++) study.ask();
      study.clock.advance(1_000);
    }
    const before = study.advisor.status();
    for (let i = 0; i < 8; i++) study.end();
    const samplers = Array.from({ length: 8 }, () => (study.ask() as Suggestion).sampler);
    expect(samplers).toEqual(Array.from({ length: 8 }, () => 'tpe'));
    expect(before.queue.ready).toBe(before.queue.wanted);
  });

  it('marks a suggestion that is old, and drops one that is too old', () => {
    const study = busyStudy();
    study.thinker.tookMs.full = 1e9;
    for (let i = 0; i < 4; i++) study.end();
    expect((study.ask() as Suggestion).reason.text).toMatch(/Made [45] results ago\.$/);
    for (let i = 0; i < 20; i++) {
      study.running.add(i);
      study.end(i);
    }
    expect(study.ask()).toMatchObject({ reason: { code: 'fallback-empty' } });
  });

  it('is told which of its suggestions are still waiting, and no others', () => {
    const study = busyStudy();
    study.clock.advance(1_000);
    const ghosts = new Set<number>();
    for (const message of study.thinker.told) {
      if (message.kind === 'make' && message.ahead) ghosts.add(2 ** 40 + message.id);
      if (message.kind !== 'learn') continue;
      for (const { trial } of message.changes) ghosts.delete(trial);
    }
    expect(ghosts.size).toBe(study.advisor.status().queue.ready);
  });
});

describe('the ladder', () => {
  it('leads to fewer candidates, then to chance, and back after a calm', () => {
    const study = busyStudy();
    const steps = new Set<string>();
    const load = (everyMs: number, asks: number): void => {
      for (let i = 0; i < asks; i++) {
        study.end();
        study.ask();
        study.clock.advance(everyMs);
        steps.add(study.advisor.status().step);
      }
    };
    study.thinker.tookMs = { full: 100, reduced: 50 };
    load(100, 400);
    expect([...steps]).toEqual(['full', 'reduced']);
    study.thinker.tookMs.reduced = 95;
    load(100, 400);
    const answer = study.ask() as Suggestion;
    expect(answer.reason.code).toBe('fallback-load');
    expect(study.advisor.status()).toMatchObject({
      step: 'random',
      reason: { code: 'fallback-load' },
    });
    study.thinker.tookMs = { full: 20, reduced: 10 };
    load(2_000, 60);
    expect(study.advisor.status().step).toBe('full');
  });

  it('leads back when a suggestion was dear for a while only, though as many are asked for', () => {
    const study = busyStudy();
    const load = (asks: number): string => {
      for (let i = 0; i < asks; i++) {
        study.end();
        study.ask();
        study.clock.advance(100);
      }
      return study.advisor.status().step;
    };
    study.thinker.tookMs = { full: 100, reduced: 10 };
    expect(load(400)).toBe('reduced');
    study.thinker.tookMs.full = 40;
    expect(load(1_200)).toBe('full');
    expect(load(400)).toBe('full');
  });
});

describe('a thread that dies', () => {
  it('is replaced, and the fallback says so meanwhile', () => {
    const study = busyStudy();
    study.thinker.kill('out of memory');
    const answers = Array.from({ length: 80 }, () => study.ask() as Suggestion);
    expect(answers.at(-1)!.reason).toMatchObject({ code: 'fallback-dead' });
    expect(study.advisor.status().reason.text).toContain('out of memory');
    study.clock.advance(10_000);
    expect(study.thinker.starts).toBe(2);
    expect(study.ask()).toMatchObject({ sampler: 'tpe' });
    expect(study.advisor.status().reason.code).toBe('dear');
  });

  it('is not waited for where one trial runs after the other, unless it has to be the same again', () => {
    for (const reproducible of [false, true]) {
      const study = scriptedStudy({ reproducible }, MOVED);
      study.clock.advance(0);
      expect(study.ask()).toBe('pending');
      const calls = study.readyCalls();
      study.thinker.kill('out of memory');
      expect(study.readyCalls()).toBe(calls + 1);
      const answer = study.ask();
      if (reproducible) expect(answer).toBe('pending');
      else expect(answer).toMatchObject({ reason: { code: 'fallback-dead' } });
      study.clock.advance(1_000);
      if (reproducible) expect(study.askPatiently()).toMatchObject({ reason: { code: 'startup' } });
    }
  });

  it('again and again is replaced ever more seldom', () => {
    const study = busyStudy();
    study.thinker.tookMs.full = 1e9;
    for (let i = 0; i < 600; i++) {
      study.thinker.kill('again');
      study.clock.advance(1_000);
    }
    // 0.5, 1, 2, … 60 s apart.
    expect(study.thinker.starts).toBeLessThan(20);
    expect(study.thinker.starts).toBeGreaterThan(8);
  });
});

describe('an advisor whose thread hangs', () => {
  const hanging = (change = {}) => {
    const study = scriptedStudy(change, MOVED);
    study.clock.advance(0);
    study.askPatiently();
    study.end();
    study.thinker.tookMs.full = Infinity;
    expect(study.ask()).toBe('pending');
    study.thinker.tookMs.full = 10;
    return study;
  };

  it('gives random suggestions after a minute, and its own again with another thread', () => {
    const study = hanging();
    study.clock.advance(59_999);
    expect(study.ask()).toBe('pending');
    const calls = study.readyCalls();
    study.clock.advance(1);
    expect(study.readyCalls()).toBe(calls + 1);
    expect(study.ask()).toMatchObject({
      reason: { code: 'fallback-dead', text: expect.stringContaining('no answer for 60 s') },
    });
    study.clock.advance(1_000);
    expect(study.thinker.starts).toBe(2);
    study.end();
    study.askPatiently();
    study.end();
    expect((study.askPatiently() as Suggestion).reason.code).not.toContain('fallback');
  });

  it('waits for the other thread in a reproducible study', () => {
    const study = hanging({ reproducible: true });
    study.clock.advance(60_000);
    expect(study.ask()).toBe('pending');
    expect((study.askPatiently() as Suggestion).reason.code).not.toContain('fallback');
    expect(study.thinker.starts).toBe(2);
  });
});
