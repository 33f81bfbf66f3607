import { describe, expect, it } from 'vitest';
import { NonFiniteFeatureError } from '../../contracts/errors.ts';
import { type Asking, askDraft, askHost, askTarget } from '../../contracts/need.ts';
import type { Step } from '../../contracts/target.ts';
import { toyTarget } from '../../decode/testing/toy-target.ts';
import { consecutive } from '../../model/consecutive.ts';
import {
  alone,
  LANGUAGE,
  ROOM,
  TREE,
  ticket,
  tokenStep,
  toyNetworks,
  type Writing,
  write,
} from '../testing/toy-writing.ts';
import { createScheduler, type Ticket } from './scheduler.ts';

describe('what goes wrong with one answer', () => {
  const NEIGHBOURS: readonly Writing[] = [
    { prompt: [1, 2, 3] },
    { prompt: [4, 5] },
    { prompt: [6], tokens: 25 },
  ];

  /** Runs neighbours and a machine that fails beside them; with drafts, all of them draft. */
  async function beside(
    { networks, drafter }: ReturnType<typeof toyNetworks>,
    bad: Asking<unknown>,
    drafts: boolean,
    one: Ticket = ticket(),
  ) {
    const scheduler = createScheduler(networks, ROOM);
    const asked = NEIGHBOURS.map((each) => ({ ...each, drafter: drafts ? drafter : null }));
    const run = (each: Writing) => scheduler.run(write(networks.target, each), ticket());
    const [first, ...rest] = asked as [Writing, ...Writing[]];
    const before = run(first);
    const failed = scheduler.run(bad, one).then(
      () => 'no error',
      (error: unknown) => error,
    );
    const texts = await Promise.all([before, ...rest.map(run)]);
    expect(texts).toEqual(await Promise.all(asked.map(alone)));
    expect(scheduler.running).toBe(0);
    return failed;
  }

  it.each([true, false])('is its own: an error that it throws (drafting: %s)', async (drafts) => {
    const toy = toyNetworks();
    let closed = false;
    function* throws(): Asking<void> {
      try {
        for (let passes = 0; ; passes++) {
          const sequence = toy.networks.target.open();
          yield* askTarget(tokenStep(sequence));
          if (passes === 3) throw new Error('out of luck');
        }
      } finally {
        closed = true;
      }
    }
    expect(await beside(toy, throws(), drafts)).toEqual(new Error('out of luck'));
    expect(closed).toBe(true);
  });

  it.each([true, false])('is its own: a step that is not finite (drafting: %s)', async (drafts) => {
    const fault = new NonFiniteFeatureError('broken');
    const bad = new WeakSet<Step>();
    const toy = toyNetworks((target) => ({
      ...target,
      async forward(steps) {
        const forwards = await target.forward(steps);
        // The toy knows its own forwards again.
        return forwards.map((forward, at) =>
          bad.has(steps[at] as Step) ? Object.assign(forward, { fault }) : forward,
        );
      },
    }));
    function* faulty(): Asking<void> {
      const sequence = toy.networks.target.open();
      sequence.commit(yield* askTarget(tokenStep(sequence)), consecutive(1));
      const step = tokenStep(sequence);
      bad.add(step);
      yield* askTarget(step);
    }
    expect(await beside(toy, faulty(), drafts)).toBe(fault);
  });

  it('is its own: a step that breaks every pass that it is in', async () => {
    const closed = toyTarget(LANGUAGE).open(); // of another target
    const toy = toyNetworks();
    function* stray(): Asking<void> {
      yield* askTarget(tokenStep(closed));
    }
    expect(await beside(toy, stray(), false)).toEqual(new Error('sequence is not open'));
  });

  it('is its own: a draft that fails after it read its rows', async () => {
    const toy = toyNetworks();
    function* misread(): Asking<void> {
      const sequence = toy.networks.target.open();
      const forward = yield* askTarget(tokenStep(sequence));
      sequence.commit(forward, consecutive(1));
      const rows = [{ next: Int32Array.of(7), from: forward.rows, at: consecutive(1) }];
      const state = toy.drafter.open();
      // Another root than the one that its rows announce.
      yield* askDraft(toy.drafter, { state, rows, grow: { root: 8, shape: TREE } });
    }
    expect(await beside(toy, misread(), true)).toEqual(new Error('the root was not announced'));
  });

  it('is its own: a listener that throws, and the answer learns of it', async () => {
    const toy = toyNetworks();
    const caught: unknown[] = [];
    function* told(): Asking<void> {
      try {
        yield* write(toy.networks.target, { prompt: [9, 9] });
      } catch (error) {
        caught.push(error);
        throw error;
      }
    }
    const deaf = new Error('nobody listens');
    const emit = () => {
      throw deaf;
    };
    expect(await beside(toy, told(), false, ticket({ emit }))).toBe(deaf);
    expect(caught).toEqual([deaf]);
  });

  it('of the machine may be mended: host work that fails is thrown where it was asked for', async () => {
    const { networks } = toyNetworks();
    function* mends(): Asking<string> {
      try {
        yield* askHost(async () => Promise.reject(new Error('no file')));
      } catch (error) {
        return (error as Error).message;
      }
      return 'no error';
    }
    expect(await createScheduler(networks, ROOM).run(mends(), ticket())).toBe('no file');
  });

  it('passes, when only the pass was out of luck: each is asked again alone', async () => {
    let passes = 0;
    const toy = toyNetworks((target) => ({
      ...target,
      async forward(steps) {
        if (++passes === 4) throw new Error('no memory for so many');
        return target.forward(steps);
      },
    }));
    const good = write(toy.networks.target, { prompt: [7, 8] });
    expect(await beside(toy, good, false)).toBe('no error');
  });
});
