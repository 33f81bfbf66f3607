import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asking, askAdmission, askHost, askTarget } from '../../contracts/need.ts';
import type { Forward } from '../../contracts/target.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import { consecutive } from '../../model/consecutive.ts';
import { alone, ROOM, TREE, ticket, toyNetworks, turn, write } from '../testing/toy-writing.ts';
import { createLedger } from './ledger.ts';
import { createMeter } from './meter.ts';
import { createScheduler } from './scheduler.ts';
import { serveAlone } from './serve-alone.ts';

const writing = fc.record({
  prompt: fc.array(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 250 }),
  tokens: fc.integer({ min: 1, max: 30 }),
  sampling: fc.record({
    temperature: fc.constantFrom(0, 1),
    topK: fc.constant(0),
    topP: fc.constant(1),
    minP: fc.constant(0),
    seed: fc.nat(100),
  }),
  drafts: fc.boolean(),
  shape: fc.constantFrom(TREE, { total: 3, depth: 1, topK: 2 }, { total: 59, depth: 5, topK: 10 }),
  pictures: fc.nat(2),
  works: fc.boolean(),
});

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 10);

describe('answers side by side', () => {
  it('each say what they say alone, under any limits', async () => {
    const limits = fc.record({
      sequences: fc.integer({ min: 1, max: 20 }),
      columns: fc.constantFrom(Infinity, 500, 50, 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(writing, { maxLength: 16 }), limits, async (asked, limits) => {
        const { networks, drafter } = toyNetworks();
        const scheduler = createScheduler(networks, limits);
        const texts = await Promise.all(
          asked.map(async ({ drafts, ...one }, at) => {
            for (let i = 0; i < at % 4; i++) await turn(); // they do not begin at once
            const machine = write(networks.target, { ...one, drafter: drafts ? drafter : null });
            return scheduler.run(machine, ticket());
          }),
        );
        for (const [at, { drafts, ...one }] of asked.entries()) {
          const { networks, drafter } = toyNetworks();
          const own = write(networks.target, { ...one, drafter: drafts ? drafter : null });
          expect(texts[at]).toEqual(await serveAlone(own, networks));
        }
        expect(scheduler.running).toBe(0);
      }),
      { numRuns },
    );
  });

  it('share their passes', async () => {
    const { networks, drafter, passes } = toyNetworks();
    const scheduler = createScheduler(networks, ROOM);
    const prompts = Array.from({ length: 10 }, (_, i) => [i, i + 1, i + 2]);
    const plain = { tokens: 20 };
    await Promise.all(
      prompts.map((prompt) =>
        scheduler.run(write(networks.target, { prompt, ...plain }), ticket()),
      ),
    );
    expect(passes.length).toBe(21); // the first of them came first, and was alone
    expect(passes.slice(1, -1).every((steps) => steps.length === 10)).toBe(true);

    passes.length = 0;
    await Promise.all(
      prompts.map((prompt) =>
        scheduler.run(write(networks.target, { prompt, ...plain, drafter }), ticket()),
      ),
    );
    expect(
      passes.slice(1, 5).map((pass) => (typeof pass === 'string' ? pass : pass.length)),
    ).toEqual(['draft', 10, 'draft', 10]);
  });

  it('run one at a time, each with its own passes, where rows do not keep apart', async () => {
    const { networks, drafter, passes } = toyNetworks();
    const scheduler = createScheduler({ ...networks, rowsKeepApart: false }, ROOM);
    const asked = [[1, 2], [3], [4, 5, 6]].map((prompt) => ({ prompt, drafter }));
    const texts = asked.map((one) => scheduler.run(write(networks.target, one), ticket()));
    expect(await Promise.all(texts)).toEqual(await Promise.all(asked.map(alone)));
    expect(passes.every((pass) => typeof pass === 'string' || pass.length === 1)).toBe(true);
  });

  it('hold none for more than two passes of others, whoever reads and draws trees', async () => {
    const { networks, drafter, passes } = toyNetworks();
    const scheduler = createScheduler(networks, ROOM);
    const long = Array.from({ length: 2000 }, (_, i) => i % 20);
    const reading = scheduler.run(write(networks.target, { prompt: long, drafter }), ticket());
    const writing = Array.from({ length: 8 }, (_, i) =>
      scheduler.run(
        write(networks.target, { prompt: [i], tokens: 100, drafter: i % 2 ? drafter : null }),
        ticket(),
      ),
    );
    for (let i = 0; i < 5; i++) await turn();
    let waited = -1;
    function* short(): Asking<void> {
      yield* askAdmission(3);
      const before = passes.length;
      const sequence = networks.target.open();
      const ids = Int32Array.of(1, 2, 3);
      yield* askTarget({
        ...{ sequence, ids, parents: consecutive(3, -1), positions: wordPositions(3, 0) },
        ...{ heads: Int32Array.of(2), want: 'best' },
      });
      waited = passes.length - before;
    }
    for (let at = 0; at < 20; at++) {
      await scheduler.run(short(), ticket());
      expect(waited).toBeLessThanOrEqual(3);
      await turn();
    }
    await Promise.all([reading, ...writing]);
  });
});

describe('host work', () => {
  it('goes on beside passes, which do not wait for it', async () => {
    const { networks, passes } = toyNetworks();
    const scheduler = createScheduler(networks, ROOM);
    let done = () => {};
    function* works(): Asking<number> {
      yield* askHost(() => new Promise<void>((resolve) => (done = resolve)));
      return passes.length;
    }
    const working = scheduler.run(works(), ticket());
    await scheduler.run(write(networks.target, { prompt: [1], tokens: 10 }), ticket());
    done();
    expect(await working).toBe(10);
  });

  it('never resumes an answer during a pass: rows that the pass reads stay as they are', async () => {
    let inPass = false;
    const toy = toyNetworks((target) => ({
      ...target,
      async forward(steps) {
        inPass = true;
        for (let i = 0; i < 5; i++) await turn();
        const forwards: Forward[] = await target.forward(steps);
        inPass = false;
        return forwards;
      },
    }));
    const scheduler = createScheduler(toy.networks, ROOM);
    const seen: boolean[] = [];
    function* works(): Asking<void> {
      for (let i = 0; i < 20; i++) {
        yield* askHost(turn);
        seen.push(inPass);
        yield* askHost(async () => {});
        seen.push(inPass);
      }
    }
    const writing = scheduler.run(
      write(toy.networks.target, { prompt: [1], tokens: 60 }),
      ticket(),
    );
    await scheduler.run(works(), ticket());
    await writing;
    expect(seen.length).toBe(40);
    expect(seen).not.toContain(true);
  });

  it('is booked with the one that asked for it', async () => {
    let time = 0;
    const clock = () => time;
    const toy = toyNetworks((target) => ({
      ...target,
      async forward(steps) {
        for (let i = 0; i < 9; i++) await turn();
        time += 500;
        return target.forward(steps);
      },
    }));
    const scheduler = createScheduler({ ...toy.networks, clock }, ROOM);
    const [one, other] = [createLedger(clock), createLedger(clock)];
    function* works(): Asking<void> {
      yield* askHost(async () => {
        time += 10;
        await turn();
        time += 20;
      });
    }
    await Promise.all([
      scheduler.run(
        write(toy.networks.target, { prompt: [1], tokens: 3 }),
        ticket({ ledger: other }),
      ),
      scheduler.run(works(), ticket({ ledger: one })),
    ]);
    expect(one.timings().vision).toBe(30); // and not the pass that went on meanwhile
    expect(other.timings().vision).toBe(3 * 500 + 30); // it stood beside the pass
  });
});

describe('the time of a pass', () => {
  it('is booked with all who took part, by network, and the rest of it as the host', async () => {
    let time = 0;
    const meter = createMeter();
    const { networks, drafter } = toyNetworks((target) => ({
      ...target,
      async forward(steps) {
        time += 12;
        meter.target += 10;
        return target.forward(steps);
      },
    }));
    const clock = () => time;
    const scheduler = createScheduler({ ...networks, meter, clock }, ROOM);
    const ledgers = [createLedger(clock), createLedger(clock), createLedger(clock)];
    for (const ledger of ledgers) ledger.begin('decode');
    await Promise.all(
      ledgers.map((ledger, at) => {
        const tokens = [5, 5, 1][at] as number;
        return scheduler.run(write(networks.target, { prompt: [at], tokens }), ticket({ ledger }));
      }),
    );
    expect(ledgers.map((ledger) => ledger.timings().target)).toEqual([50, 50, 10]);
    expect(ledgers.map((ledger) => ledger.timings().host)).toEqual([10, 10, 2]);
    expect(drafter.drafts).toBe(true);
  });
});
