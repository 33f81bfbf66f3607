import { describe, expect, it } from 'vitest';
import type { Drafter } from '../../contracts/drafter.ts';
import type { GenerateOptions } from '../../contracts/generate.ts';
import type { Target } from '../../contracts/target.ts';
import { eventStream } from '../border/event-stream.ts';
import { type EngineLimits, engineOf } from '../engine.ts';
import { resultOf } from '../testing/collect.ts';
import { toyModel } from '../testing/toy-model.ts';

const WRITERS = 16;
const LONG = 'abcdefghijklmnopqr'.repeat(120).slice(0, 2100);

/** Milliseconds of a pass: its weights, its rows, and the columns that each of them looks at. */
type PassMs = (rows: number, lanes: number, columns: number) => number;

const PASSES: readonly [string, PassMs][] = [
  ['rows cost', (rows, lanes) => 10 + rows + lanes],
  ['rows cost little', (rows) => 100 + 2 * rows],
  ['long texts cost', (rows, _, columns) => 10 + rows + columns / 2000],
  ['rows cost more, the more there are', (rows) => 10 + rows ** 1.3],
];

/** Milliseconds that the draft takes for a row that it reads. */
const DRAFT_MS = 0.5;

/** A toy engine whose passes take simulated time. */
async function timedEngine(passMs: PassMs, prompts: EngineLimits['prompts'] = 'pieces') {
  let time = 0;
  const { host, model } = toyModel({
    costs: {
      target: [1, 8, 16, 32, 59].map((rows) => ({ rows, ms: passMs(rows, 1, rows * 64) })),
      ...{ draftLevel: 5, host: 0 },
    },
  });
  const target: Target = {
    ...model.target,
    async forward(steps) {
      const rows = steps.map(({ ids }) => ids.length);
      const sum = rows.reduce((sum, count) => sum + count, 0);
      const columns = steps.reduce(
        (all, { sequence }, at) => all + sequence.length * (rows[at] as number),
        0,
      );
      const ms = passMs(sum, steps.length, columns);
      time += ms;
      model.meter.target += ms;
      return model.target.forward(steps);
    },
  };
  const network = await model.drafters.get('msd');
  const drafter: Drafter = {
    ...network,
    run(jobs) {
      const rows = jobs.flatMap((job) => job.rows).reduce((sum, { next }) => sum + next.length, 0);
      time += DRAFT_MS * rows;
      model.meter.draft += DRAFT_MS * rows;
      return network.run(jobs);
    },
  };
  const get = async (name: string) => (name === 'msd' ? drafter : model.drafters.get(name));
  const drafters = { ...model.drafters, get };
  const timed = { ...host, clock: () => time };
  const engine = engineOf(timed, { ...model, target, drafters }, { prompts });
  return { engine, now: () => time };
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? Number.NaN;

const PLAIN = { drafter: 'none' } as const;
const DRAFTED = { drafter: 'msd', tree: { total: 6, depth: 2, topK: 2 } } as const;
type How = typeof PLAIN | typeof DRAFTED;

const write = (at: number, how: How): GenerateOptions => ({
  ...{ prompt: 'abcdefghijklmnopqr'.slice(at), maxTokens: 700, ignoreEos: true, ...how },
});
/** One whose draft reads its prompt, too, writes a few tokens. */
const read = (how: How): GenerateOptions => ({
  ...{ prompt: LONG, maxTokens: how === PLAIN ? 1 : 8, ignoreEos: true, ...how },
});

/** Pauses of those that write, before the long prompt is read and meanwhile, how long that took, and what all said. */
async function listen(passMs: PassMs, how: How = PLAIN, prompts?: EngineLimits['prompts']) {
  const { engine, now } = await timedEngine(passMs, prompts);
  const pauses = { before: [] as number[], meanwhile: [] as number[] };
  let [heard, noted]: [number, number[] | null] = [0, null];
  let begin = () => {};
  const warm = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const hear = async (at: number) => {
    const ids: number[] = [];
    let last = now();
    for await (const event of eventStream(engine, write(at, how))) {
      if (event.type !== 'token') continue;
      ids.push(event.id);
      if (now() > last) noted?.push(now() - last); // else of one pass
      last = now();
      heard += 1;
      if (heard === 10 * WRITERS) noted = pauses.before;
      if (heard === 20 * WRITERS) begin();
    }
    return ids;
  };
  const writing = Array.from({ length: WRITERS }, (_, at) => hear(at));
  await warm;
  const asked = now();
  noted = pauses.meanwhile;
  const { ids: first } = await resultOf(engine, read(how));
  noted = null;
  const took = now() - asked;
  const texts = await Promise.all(writing);
  await engine.dispose();
  return { pauses, took, texts, first };
}

describe('a long prompt beside sixteen that write', () => {
  it.each(PASSES)('keeps none of them waiting long where %s', async (_, passMs) => {
    const { pauses, took } = await listen(passMs);
    const [usual, longest] = [quantile(pauses.before, 0.5), quantile(pauses.meanwhile, 0.99)];
    expect(pauses.meanwhile.length).toBeGreaterThan(10 * WRITERS);
    expect(longest / usual).toBeLessThanOrEqual(3);
    expect(longest / quantile(pauses.meanwhile, 0.5)).toBeLessThanOrEqual(3);
    // Were it read in the smallest pieces, it would wait for 260 of the others' passes.
    expect(took).toBeLessThan(200 * 2.5 * usual);
  });

  it('keeps none of them waiting long for a draft that reads it, either', async () => {
    const { pauses } = await listen(PASSES[0]?.[1] as PassMs, DRAFTED);
    const [usual, longest] = [quantile(pauses.before, 0.5), quantile(pauses.meanwhile, 1)];
    expect(pauses.meanwhile.length).toBeGreaterThan(10 * WRITERS);
    expect(longest / usual).toBeLessThanOrEqual(3);
  });

  it('is read in half of the time where nobody reads along, and changes no word', async () => {
    const passMs = PASSES[0]?.[1] as PassMs;
    const [inPieces, whole] = [await listen(passMs), await listen(passMs, PLAIN, 'whole')];
    expect(whole.took).toBeLessThan(inPieces.took / 2);
    expect([whole.texts, whole.first]).toEqual([inPieces.texts, inPieces.first]);
  });

  it('changes no word, nor is its own first token another', async () => {
    const { texts, first } = await listen(PASSES[0]?.[1] as PassMs);
    const { engine } = await timedEngine(PASSES[0]?.[1] as PassMs);
    for (const [at, ids] of texts.entries()) {
      expect(ids).toEqual((await resultOf(engine, write(at, PLAIN))).ids);
    }
    expect(first).toEqual((await resultOf(engine, read(PLAIN))).ids);
  });
});
