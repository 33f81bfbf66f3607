import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Drafter, TreeShape } from '../../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { Sampling } from '../../contracts/generate.ts';
import {
  type Asking,
  askAdmission,
  askDraft,
  askHost,
  askTarget,
  askTower,
  tell,
} from '../../contracts/need.ts';
import { floatTensor } from '../../contracts/session.ts';
import type { Forward, Step, Target } from '../../contracts/target.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import { type Round, runRound } from '../../decode/round.ts';
import { createPicker } from '../../decode/sample.ts';
import { toyDrafter } from '../../decode/testing/toy-drafter.ts';
import { toyLanguage } from '../../decode/testing/toy-language.ts';
import { GREEDY } from '../../decode/testing/toy-run.ts';
import { toyTarget } from '../../decode/testing/toy-target.ts';
import { fitShape } from '../../decode/tree-shape.ts';
import { consecutive } from '../../model/consecutive.ts';
import { createLedger } from './ledger.ts';
import { createMeter } from './meter.ts';
import { createScheduler, type Limits, type Networks, type Ticket } from './scheduler.ts';
import { serveAlone } from './serve-alone.ts';

const LANGUAGE = toyLanguage(20, 2, 1, 8);
const TREE: TreeShape = { total: 12, depth: 3, topK: 4 };
const ROOM: Limits = { sequences: 64, columns: Infinity };

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A toy's networks, whose passes take a turn of the event loop; what each pass was for, in order. */
function toyNetworks(wrap: (target: Target) => Target = (target) => target) {
  const passes: (readonly Step[] | 'draft' | 'vision')[] = [];
  const toy = toyTarget(LANGUAGE);
  const target = wrap({
    ...toy,
    async forward(steps) {
      passes.push(steps);
      await turn();
      return toy.forward(steps);
    },
  });
  const inner = toyDrafter(LANGUAGE.logits, 10, toy.read);
  const drafter: Drafter = {
    ...inner,
    async run(jobs) {
      passes.push('draft');
      await turn();
      return inner.run(jobs);
    },
  };
  const networks: Networks = {
    target,
    async embed({ pixels }) {
      passes.push('vision');
      await turn();
      return { data: Float32Array.of(Number(pixels?.data[0])), count: 1, width: 1 };
    },
    meter: createMeter(),
    rowsKeepApart: true,
    clock: () => 0,
    letMessagesIn: async () => {},
  };
  return { networks, drafter, passes };
}

const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  ledger: createLedger(() => 0),
  emit: () => {},
  cancelled: () => false,
  ...more,
});

interface Writing {
  readonly prompt: readonly number[];
  readonly tokens?: number;
  readonly sampling?: Sampling;
  readonly drafter?: Drafter | null;
  readonly shape?: TreeShape;
  readonly pictures?: number;
  /** Host work now and then. */
  readonly works?: boolean;
}

/** Writes tokens after a prompt, as an answer does. */
function* write(
  target: Target,
  { prompt, tokens = 12, sampling = GREEDY, drafter = null, shape = TREE, ...more }: Writing,
): Asking<number[]> {
  const { pictures = 0, works = false } = more;
  if (works) yield* askHost(turn);
  yield* askAdmission(prompt.length + tokens);
  for (let i = 0; i < pictures; i++) {
    const { data } = yield* askTower({ pixels: floatTensor(Float32Array.of(i), [1]) });
    expect([...data]).toEqual([i]);
  }
  const sequence = target.open();
  const picker = createPicker(sampling);
  let unread: Round['unread'] = [];
  let root = -1;
  while (sequence.length < prompt.length) {
    const from = sequence.length;
    const ids = Int32Array.from(prompt.slice(from, from + 100));
    const n = ids.length;
    const forward = yield* askTarget({
      ...{ sequence, ids, parents: consecutive(n, -1), positions: wordPositions(n, from) },
      ...{ heads: Int32Array.of(n - 1), want: picker.want },
    });
    sequence.commit(forward, consecutive(n));
    root = picker.pick(forward, 0, from + n, []);
    const next = Int32Array.from(ids, (_, i) => prompt[from + i + 1] ?? root);
    unread = [...unread, { next, from: forward.rows, at: consecutive(n) }];
  }
  const written = [root];
  const draft = drafter && { drafter, state: drafter.open() };
  while (written.length < tokens) {
    if (works && written.length % 3 === 0) yield* askHost(turn);
    const round = yield* runRound({
      ...{ sequence, draft, unread, root, position: sequence.length, picker },
      shape: fitShape(
        drafter === null ? { total: 1, depth: 0, topK: 1 } : shape,
        tokens - written.length,
      ),
    });
    const ids = [...round.accepted.tokens, round.accepted.bonus];
    yield* tell(ids.map((id) => ({ type: 'token', id, text: '', drafted: false })));
    written.push(...ids);
    ({ unread } = round);
    root = round.accepted.bonus;
  }
  sequence.dispose();
  return written;
}

const alone = (writing: Writing) => {
  const { networks, drafter } = toyNetworks();
  const own = writing.drafter ? drafter : null;
  return serveAlone(write(networks.target, { ...writing, drafter: own }), networks);
};

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

describe('admission', () => {
  /** Machines that hold their place until they are let go, and the order in which they got it. */
  function holders(limits: Limits) {
    const scheduler = createScheduler(toyNetworks().networks, limits);
    const admitted: string[] = [];
    const leave = new Map<string, () => void>();
    const hold = (name: string, columns: number, more: Partial<Ticket> = {}) => {
      function* machine(): Asking<string> {
        yield* askAdmission(columns);
        admitted.push(name);
        yield* askHost(() => new Promise<void>((resolve) => leave.set(name, resolve)));
        return name;
      }
      return scheduler.run(machine(), ticket(more));
    };
    const settle = async () => {
      for (let i = 0; i < 3; i++) await turn();
      return [...admitted];
    };
    return { scheduler, hold, settle, leave: (name: string) => leave.get(name)?.() };
  }

  it('is given to so many at a time, in the order in which they came', async () => {
    const { hold, settle, leave } = holders({ sequences: 2, columns: Infinity });
    const all = ['a', 'b', 'c', 'd'].map((name) => hold(name, 10));
    expect(await settle()).toEqual(['a', 'b']);
    leave('b');
    expect(await settle()).toEqual(['a', 'b', 'c']);
    leave('a');
    expect(await settle()).toEqual(['a', 'b', 'c', 'd']);
    leave('c');
    leave('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is given as far as the columns go, and a small one does not overtake a large one', async () => {
    const { hold, settle, leave } = holders({ sequences: 9, columns: 100 });
    const all = [hold('a', 60), hold('b', 40), hold('large', 80), hold('small', 1)];
    expect(await settle()).toEqual(['a', 'b']);
    leave('b');
    expect(await settle()).toEqual(['a', 'b']);
    leave('a');
    expect(await settle()).toEqual(['a', 'b', 'large', 'small']);
    leave('large');
    leave('small');
    await Promise.all(all);
  });

  it('is given to a lone answer, however much it may need', async () => {
    const { hold, settle, leave } = holders({ sequences: 1, columns: 5 });
    const all = [hold('a', 1000), hold('b', 1000)];
    expect(await settle()).toEqual(['a']);
    leave('a');
    expect(await settle()).toEqual(['a', 'b']);
    leave('b');
    await Promise.all(all);
  });

  it('tells how many columns are left for what is kept', async () => {
    const left: number[] = [];
    const { hold, settle, leave } = holders({
      sequences: 9,
      columns: 100,
      release: (columns) => left.push(columns),
    });
    const all = [hold('a', 30), hold('b', 60), hold('c', 20)];
    await settle();
    expect(left).toEqual([70, 10]);
    leave('a');
    await settle();
    expect(left).toEqual([70, 10, 20]);
    leave('b');
    leave('c');
    await Promise.all(all);
  });

  it('is not needed by one that was cancelled, and takes no room from others', async () => {
    const { hold, settle, leave, scheduler } = holders({ sequences: 9, columns: 100 });
    let cancelled = false;
    const all = [
      hold('a', 50),
      hold('large', 80),
      hold('gone', 70, { cancelled: () => cancelled }),
      hold('small', 1),
    ];
    expect(await settle()).toEqual(['a']);
    cancelled = true;
    // What is to be done next tells the scheduler to look again.
    const other = hold('other', 0);
    expect(await settle()).toEqual(['a', 'gone']);
    leave('gone');
    leave('a');
    expect(await settle()).toEqual(['a', 'gone', 'large', 'small', 'other']);
    for (const name of ['large', 'small', 'other']) leave(name);
    await Promise.all([...all, other]);
    expect(scheduler.running).toBe(0);
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

/** One token behind a text. */
function tokenStep(sequence: ReturnType<Target['open']>): Step {
  return {
    ...{ sequence, ids: Int32Array.of(5), parents: Int32Array.of(-1) },
    ...{ positions: wordPositions(1, sequence.length), heads: Int32Array.of(0), want: 'best' },
  };
}
