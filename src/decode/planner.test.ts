import { describe, expect, it } from 'vitest';
import type { TreeShape } from '../contracts/drafter.ts';
import { type Costs, roundMs } from './costs.ts';
import { choose, createPlan, explain, observe, type Plan } from './planner.ts';
import { PLAIN, shapeLevels, shapeName } from './tree-shape.ts';
import { uniform } from './uniform.ts';

const TREES: readonly TreeShape[] = [
  { total: 8, depth: 3, topK: 4 },
  { total: 16, depth: 4, topK: 6 },
  { total: 32, depth: 5, topK: 8 },
  { total: 59, depth: 5, topK: 10 },
];

const costsOf = (ratios: readonly number[]): Costs => ({
  target: [1, 8, 16, 32, 59].map((rows, i) => ({ rows, ms: 10 * (ratios[i] as number) })),
  draftLevel: 0.7,
  host: 0.3,
});
const CPU = costsOf([1, 1.44, 2.09, 3.5, 5.8]);
const GPU = costsOf([1, 1.02, 1.05, 1.1, 1.15]);

/** What rounds really are: their time, and the chance of each step of the walk. */
interface World {
  readonly ms: (shape: TreeShape, round: number) => number;
  readonly chance: (shape: TreeShape, round: number) => number;
}

/** Times within 15 % of load time; the chance is that of 16 nodes, and wider trees miss less. */
const world = (costs: Costs, chance: number): World => ({
  ms: (shape, round) => roundMs(costs, shape) * (0.85 + 0.3 * uniform(5, round)),
  chance: ({ total }) => (chance === 0 ? 0 : 1 - (1 - chance) * (16 / total) ** 0.1),
});

interface Run {
  readonly plan: Plan;
  readonly chosen: readonly string[];
  readonly ms: number;
  /** Tokens per millisecond. */
  readonly rate: number;
}

/** Rounds until `tokens` are written, by the plan's choice or a fixed one. */
function simulate(
  { ms, chance }: World,
  tokens: number,
  from: { plan: Plan; seed?: number; fixed?: TreeShape },
): Run {
  const { seed = 1, fixed } = from;
  const chosen: string[] = [];
  let { plan } = from;
  let written = 0;
  let time = 0;
  for (let round = 0; written < tokens; round += 1) {
    const shape = fixed ?? choose(plan);
    const goesOn = (depth: number) => uniform(seed * 100 + depth, round) < chance(shape, round);
    let accepted = 0;
    while (accepted < shapeLevels(shape) && goesOn(accepted)) accepted += 1;
    const targetMs = ms(shape, seed * 100_000 + round);
    plan = observe(plan, shape, {
      nodes: shape.total,
      accepted,
      levels: [],
      targetMs,
      draftMs: 0,
      hostMs: 0,
    });
    chosen.push(shapeName(shape));
    written += accepted + 1;
    time += targetMs;
  }
  return { plan, chosen, ms: time, rate: written / time };
}

const plainMs = (of: World, tokens: number, plan: Plan) =>
  simulate(of, tokens, { plan, fixed: PLAIN }).ms;

const bestFixedRate = (of: World, plan: Plan) =>
  Math.max(...[PLAIN, ...TREES].map((fixed) => simulate(of, 3000, { plan, fixed }).rate));

describe.each([
  ['rows as dear as on a CPU', CPU],
  ['rows almost free', GPU],
])('the plan with %s', (_, costs) => {
  const fresh = createPlan(costs, TREES);

  it('drops a useless draft within a handful of rounds, then costs at most 3 % of plain', () => {
    const useless = world(costs, 0);
    const { plan, chosen } = simulate(useless, 64, { plan: fresh });
    expect(chosen.indexOf('plain')).toBeLessThan(6);
    const ten = simulate(useless, 640, { plan, seed: 2 });
    expect(ten.ms / plainMs(useless, 640, plan)).toBeLessThan(1.03);
  });

  it('tries a useless draft again now and then, in less than one round of twenty', () => {
    const { chosen } = simulate(world(costs, 0), 2000, { plan: fresh });
    const drafted = chosen.slice(1000).filter((name) => name !== 'plain').length;
    expect(drafted).toBeGreaterThan(0);
    expect(drafted).toBeLessThan(50);
  });

  it.each([0.3, 0.6, 0.75, 0.9, 1])(
    'comes near the best fixed choice at a step chance of %d',
    (chance) => {
      const of = world(costs, chance);
      const { rate } = simulate(of, 4000, { plan: fresh });
      expect(rate / bestFixedRate(of, fresh)).toBeGreaterThan(0.9);
    },
  );

  it('leaves a draft that turns useless, and comes back when it recovers', () => {
    const good = world(costs, 0.85);
    const useless = world(costs, 0);
    const before = simulate(good, 1000, { plan: fresh });
    const during = simulate(useless, 300, { plan: before.plan, seed: 2 });
    expect(during.chosen.indexOf('plain')).toBeLessThan(60);
    expect(during.chosen.slice(-100).filter((name) => name !== 'plain').length).toBeLessThan(10);
    const after = simulate(good, 1500, { plan: during.plan, seed: 3 });
    expect(after.rate / bestFixedRate(good, fresh)).toBeGreaterThan(0.8);
  });

  it.each([1.5, 2, 3])(
    'learns that trees take %d times what load time said for at most a twentieth of the time',
    (factor) => {
      const said = world(costs, 0.5);
      const of: World = {
        ...said,
        ms: (shape, round) => said.ms(shape, round) * (shape.total > 1 ? factor : 1),
      };
      const { ms } = simulate(of, 1000, { plan: fresh });
      expect(ms / plainMs(of, 1000, fresh)).toBeLessThan(1.05);
    },
  );

  it('keeps its head on a machine that is slow by turns and late at times', () => {
    const waves = (chance: number): World => {
      const of = world(costs, chance);
      const slow = (round: number) => (Math.floor(round / 50) % 2 === 0 ? 1 : 2);
      const late = (round: number) => (uniform(6, round) < 0.02 ? 8 : 1);
      return { ...of, ms: (shape, round) => of.ms(shape, round) * slow(round) * late(round) };
    };
    const useless = simulate(waves(0), 3000, { plan: fresh });
    expect(useless.ms / plainMs(waves(0), 3000, fresh)).toBeLessThan(1.03);
    const good = simulate(waves(0.75), 3000, { plan: fresh });
    expect(good.rate / bestFixedRate(waves(0.75), fresh)).toBeGreaterThan(0.9);
  });
});

describe('the plan', () => {
  const perfect = (costs: Costs) =>
    simulate(world(costs, 1), 2000, { plan: createPlan(costs, TREES) });
  const share = ({ chosen }: Run, name: string) =>
    chosen.filter((one) => one === name).length / chosen.length;

  it('takes a small tree where 59 rows cost six times one, however good the draft', () => {
    expect(share(perfect(CPU), '8,3,4')).toBeGreaterThan(0.9);
  });

  it('takes a deep tree where rows are almost free and the draft is good', () => {
    expect(share(perfect(GPU), '32,5,8')).toBeGreaterThan(0.9);
  });

  it('decodes plainly when there is no tree to choose', () => {
    const plan = createPlan(CPU, []);
    expect(choose(plan)).toEqual(PLAIN);
    expect(simulate(world(CPU, 1), 200, { plan }).chosen.every((name) => name === 'plain')).toBe(
      true,
    );
  });

  it('learns nothing from a shape that is not among its choices', () => {
    const plan = createPlan(CPU, TREES);
    const round = { nodes: 3, accepted: 2, levels: [], targetMs: 10, draftMs: 1, hostMs: 0 };
    expect(observe(plan, { total: 3, depth: 1, topK: 1 }, round)).toBe(plan);
  });

  it('is a value: a round makes a new one and leaves the old', () => {
    const plan = createPlan(CPU, TREES);
    const before = structuredClone(plan);
    const [tree] = TREES as [TreeShape];
    observe(plan, tree, { nodes: 8, accepted: 3, levels: [], targetMs: 15, draftMs: 3, hostMs: 0 });
    expect(plan).toEqual(before);
  });
});

describe('a fresh plan', () => {
  const [small] = TREES as [TreeShape];
  /** Before any round a walk is expected to go on seven times of ten. */
  const expected = 1 + 0.7 + 0.7 ** 2 + 0.7 ** 3 + 0.7 ** 4;
  const planAt = (speedUp: number) => {
    const ms = (10 * expected) / speedUp;
    const target = [1, 8].map((rows, i) => ({ rows, ms: [10, ms][i] as number }));
    return createPlan({ target, draftLevel: 0, host: 0 }, [small]);
  };

  it('begins with a tree that should be a fifth faster than plain', () => {
    expect(choose(planAt(1.2))).toEqual(small);
  });

  it('begins plainly where a tree should be a twentieth faster: it must pay for reading the prompt', () => {
    expect(choose(planAt(1.05))).toEqual(PLAIN);
  });
});

describe('trials and looks', () => {
  it('lose no more than 2 % of the first 300 tokens where the cheapest tree costs six plain tokens', () => {
    const dear = world(costsOf([1, 6, 7, 8, 9]), 0);
    const plan = createPlan(costsOf([1, 6, 7, 8, 9]), TREES);
    const { ms } = simulate(dear, 300, { plan });
    expect(ms / plainMs(dear, 300, plan)).toBeLessThan(1.02);
  });

  it('find a draft that recovers after 20,000 useless rounds within some 600', () => {
    const plan = createPlan(CPU, TREES);
    const lost = simulate(world(CPU, 0), 20_000, { plan });
    const { chosen } = simulate(world(CPU, 0.95), 3000, { plan: lost.plan, seed: 2 });
    expect(chosen.slice(600).filter((name) => name === 'plain').length).toBeLessThan(20);
  });

  it('go to trees that come near the leader, and to none that is far behind', () => {
    const counts = (costs: Costs) => {
      const exact: World = { ...world(costs, 0.9), ms: (shape) => roundMs(costs, shape) };
      const { chosen } = simulate(exact, 8000, { plan: createPlan(costs, TREES) });
      return (name: string) => chosen.slice(100).filter((one) => one === name).length;
    };
    const near = counts(costsOf([1, 1.44, 1.6, 3.5, 5.8]));
    expect(near('8,3,4') * near('16,4,6')).toBeGreaterThan(0);
    expect(near('59,5,10')).toBe(0);
  });

  it('come at least every 512 rounds of plain, and every 64 of a tree', () => {
    const longest = (of: World, name: string) => {
      const { chosen } = simulate(of, 20_000, { plan: createPlan(CPU, TREES) });
      const others = chosen.flatMap((one, round) => (one === name ? [] : [round]));
      return Math.max(...[...others, chosen.length].map((at, i) => at - (others[i - 1] ?? 0)));
    };
    expect(longest(world(CPU, 0), 'plain')).toBeLessThanOrEqual(513);
    expect(longest(world(CPU, 1), '8,3,4')).toBeLessThanOrEqual(65);
  });

  it('correct within 40 rounds how fast plain is, so that a tree that is slower than plain is left', () => {
    const said = world(GPU, 0.5);
    const of: World = {
      ...said,
      ms: (shape) => roundMs(GPU, shape) * (shape.total > 1 ? 1 : 0.4),
    };
    const { chosen } = simulate(of, 200, { plan: createPlan(GPU, TREES) });
    expect(chosen.slice(40).filter((name) => name !== 'plain').length).toBeLessThan(5);
  });

  it('leave trees that become slower than plain after 3,000 rounds', () => {
    const at = (factor: number): World => ({
      ms: (shape) => roundMs(CPU, shape) * (shape.total > 1 ? factor : 1),
      chance: () => 0.6,
    });
    const fast = simulate(at(0.8), 8000, { plan: createPlan(CPU, TREES) });
    const { chosen } = simulate(at(2), 2000, { plan: fast.plan, seed: 2 });
    expect(chosen.slice(600, 800).filter((name) => name === 'plain').length).toBeGreaterThan(180);
  });

  it('find the tree that the text suits, when it suits another than before', () => {
    const suits = (total: number): World => ({
      ...world(GPU, 0.9),
      chance: (shape) => (shape.total === total ? 0.95 : 0.2),
    });
    const before = simulate(suits(8), 4000, { plan: createPlan(GPU, TREES) });
    expect(before.chosen.slice(-100).filter((name) => name === '8,3,4').length).toBeGreaterThan(90);
    const after = simulate(suits(32), 8000, { plan: before.plan, seed: 2 });
    expect(after.chosen.slice(-100).filter((name) => name === '32,5,8').length).toBeGreaterThan(90);
  });

  it('think no worse of a tree for a round in which the machine slept', () => {
    const { plan } = simulate(world(GPU, 0.9), 1000, { plan: createPlan(GPU, TREES) });
    const shape = choose(plan);
    const hour = {
      nodes: shape.total,
      accepted: 3,
      levels: [],
      targetMs: 3.6e6,
      draftMs: 0,
      hostMs: 0,
    };
    expect(choose(observe(plan, shape, hour))).toEqual(shape);
  });
});

describe('explain', () => {
  const plan = createPlan(CPU, TREES);

  it('says what leads and by how much', () => {
    expect(explain(simulate(world(CPU, 1), 500, { plan }).plan)).toMatch(
      /^tree 8,3,4, which gives [45]\.\d\d tokens in \d+\.\d ms, 2\.\d\dx plain's \d+\.\d ms a token \(after \d+ rounds\)$/,
    );
  });

  it('says why plain leads', () => {
    expect(explain(simulate(world(CPU, 0), 100, { plan }).plan)).toMatch(
      /^plain, since tree \d+,\d,\d+ gives 1\.\d\d tokens in \d+\.\d ms, 0\.\d\dx plain's/,
    );
  });

  it('never gives a tree that is faster as the reason for plain', () => {
    for (let chance = 0; chance < 0.7; chance += 0.02) {
      const text = explain(simulate(world(CPU, chance), 200, { plan }).plan);
      const [, lead, speed] =
        text.match(/^(plain, since|plain, until|tree).* (\d\.\d\d)x plain's/) ?? [];
      expect(Number(speed), text).toBeGreaterThan(0);
      if (lead === 'plain, since') expect(Number(speed), text).toBeLessThanOrEqual(1);
      if (lead === 'plain, until')
        expect(text).toContain('until a tree is seen to beat it by 1.10x');
    }
  });

  it('says so when nothing drafts', () => {
    expect(explain(createPlan(CPU, []))).toBe('plain at 10.3 ms a token, since nothing drafts');
  });

  it('promises no tokens before a draft was seen, only what its pass takes', () => {
    const cost = 'takes \\d+\\.\\d ms, as long as \\d\\.\\d\\d plain tokens; no draft was seen yet';
    expect(explain(plan)).toMatch(new RegExp(`^tree 8,3,4 first: a pass ${cost}$`));
    const dear = createPlan(costsOf([1, 8, 16, 32, 59]), TREES);
    const plainAtFirst = new RegExp(`^plain at first: a pass of tree 8,3,4 ${cost}$`);
    expect(explain(dear)).toMatch(plainAtFirst);
    const round = { nodes: 1, accepted: 0, levels: [], targetMs: 10, draftMs: 0, hostMs: 0.3 };
    expect(explain(observe(dear, PLAIN, round)), 'a plain pass is no draft').toMatch(plainAtFirst);
  });
});
