import { describe, expect, it } from 'vitest';
import type { DraftTree } from '../contracts/drafter.ts';
import { chooseShape } from './choose-shape.ts';
import { type Costs, passMs } from './costs.ts';
import { cutTree } from './cut-tree.ts';
import { explainPlan } from './explain-plan.ts';
import { joinTrees } from './join-trees.ts';
import { observeAnswer, observeReading, observeRound } from './observe-round.ts';
import { ALONE, createPlan, type Pricing } from './plan.ts';
import { createPrices, passPrice, timesSeen } from './prices.ts';
import { bestFixed, type Start, type World, type Writing, write } from './testing/draft-world.ts';
import { PLAIN, rootTree } from './tree-shape.ts';
import { uniform } from './uniform.ts';

type Curve = readonly (readonly [rows: number, ms: number])[];

const CPU: Curve = [
  ...([
    [1, 10],
    [2, 10.6],
    [4, 11.2],
    [8, 14.4],
    [16, 20.9],
    [32, 35],
    [59, 58],
  ] as const),
  ...([
    [80, 76],
    [96, 92],
    [128, 120],
    [200, 190],
  ] as const),
];
/** A large model in 8 bits. */
const LARGE: Curve = [
  [1, 254],
  [4, 285],
  [8, 465],
  [16, 760],
  [59, 1730],
];
const GPU: Curve = [
  [1, 10],
  [8, 10.2],
  [16, 10.5],
  [32, 11],
  [59, 11.5],
  [128, 14],
  [256, 20],
];

const LEVELS: Pricing = { isNetwork: true };
const ONE_CALL: Pricing = { isNetwork: true, calls: 'round' };
const FREE: Pricing = { isNetwork: false };

const target = (curve: Curve) => ({ target: curve.map(([rows, ms]) => ({ rows, ms })) });

interface Given {
  readonly curve?: Curve;
  readonly sure?: number;
  readonly taken?: World['taken'];
  /** Of a call of the draft, in plain passes. */
  readonly call?: number;
}

/** Times within a tenth; further texts in a pass cost a fiftieth of a plain one. */
function world({ curve = CPU, sure = 0.8, taken = (said) => said, call = 0.07 }: Given): World {
  const plain = curve[0]?.[1] as number;
  return {
    passMs: ({ rows, lanes }, round) =>
      (passMs(target(curve), rows) + (lanes - 1) * 0.02 * plain) * (0.9 + 0.2 * uniform(5, round)),
    callMs: call * plain,
    hostMs: 0.02 * plain,
    sure: () => sure,
    taken,
  };
}

/** What is known at load: a few widths, and no draft. */
function start(
  drafter: Pricing,
  curve: Curve = CPU,
  widths = [1, 8, 16, 32, 59],
  call = 0.07,
): Start {
  const plain = curve[0]?.[1] as number;
  const timed = widths.map((rows) => ({ rows, ms: passMs(target(curve), rows) }));
  const costs: Costs = { target: timed, draftLevel: call * plain, host: 0.02 * plain };
  return { plan: createPlan(costs, drafter), prices: createPrices(costs), costs };
}

/** A chain of nodes, each of which is held to follow by that chance. */
const chain = (...chances: number[]) => {
  let score = 0;
  const scores = [0, ...chances.map((chance) => (score += Math.log(chance)))];
  return {
    tokens: Int32Array.from(scores, (_, i) => i),
    parents: Int32Array.from(scores, (_, i) => i - 1),
    depths: Int32Array.from(scores, (_, i) => i),
    scores: Float32Array.from(scores),
  };
};

const PLAINLY = { shape: PLAIN, rows: 1 };
const rate = ({ tokens, ms }: Writing) => tokens / ms;
const overPlain = (of: World, tokens: number, from: Start) =>
  rate(write(of, tokens, from)) / rate(write(of, tokens, from, PLAINLY));
const useless = () => 0;

describe.each([
  ['levels', LEVELS],
  ['one call', ONE_CALL],
  ['no call', FREE],
] as const)('the plan of a draft of %s', (_, drafter) => {
  describe.each([
    ['a CPU', CPU, [1, 8, 16, 32, 59]],
    ['a large model', LARGE, [1, 8]],
    ['rows almost free', GPU, [1, 8, 16, 32, 59]],
  ] as const)('on %s', (_, curve, widths) => {
    const fresh = start(drafter, curve, [...widths]);

    it('loses at most 2 % to a draft that is always wrong, however sure', () => {
      expect(overPlain(world({ curve, sure: 0.9, taken: useless }), 3000, fresh)).toBeGreaterThan(
        0.98,
      );
    });

    it('loses at most 3 % of the first 128 tokens to a draft of noise', () => {
      const noise = world({ curve, sure: 0.05, taken: useless });
      expect(overPlain(noise, 128, fresh)).toBeGreaterThan(0.955);
      expect(overPlain(noise, 3000, fresh)).toBeGreaterThan(0.985);
    });

    it.each([0.3, 0.6, 0.9])(
      'comes near the best fixed choice where the draft is sure by %d',
      (sure) => {
        const of = world({ curve, sure });
        expect(rate(write(of, 2000, fresh)) / bestFixed(of, 300, fresh)).toBeGreaterThan(0.88);
      },
    );
  });

  it('beats every fixed choice where some rounds are sure and others are not, or comes near if it must ask first', () => {
    const of: World = { ...world({}), sure: (round) => (uniform(9, round) < 0.5 ? 0.95 : 0.2) };
    const fresh = start(drafter);
    expect(rate(write(of, 3000, fresh)) / bestFixed(of, 1000, fresh)).toBeGreaterThan(
      drafter === LEVELS ? 0.96 : 1.02,
    );
  });

  it('leaves a draft that turns useless, and comes back within 600 rounds when it recovers', () => {
    const good = world({});
    const bad = world({ taken: useless });
    const before = write(good, 1000, start(drafter));
    const during = write(bad, 600, { ...start(drafter), ...before, seed: 2 });
    const plainly = write(bad, 600, { ...start(drafter), ...before, seed: 2 }, PLAINLY);
    expect(rate(during) / rate(plainly)).toBeGreaterThan(0.95);
    const after = write(good, 6000, { ...start(drafter), ...during, seed: 3 });
    expect(after.rows.slice(600, 900).filter((rows) => rows > 1).length).toBeGreaterThan(270);
  });
});

describe('the plan', () => {
  it('notices that trees have become dear', () => {
    const of = world({ sure: 0.6 });
    const before = write(of, 3000, start(LEVELS));
    const dear: World = {
      ...of,
      passMs: (size, round) => of.passMs(size, round) * (size.rows > size.lanes ? 2.5 : 1),
    };
    const after = write(dear, 1200, { ...start(LEVELS), ...before, seed: 2 });
    const plain = write(dear, 1200, { ...start(LEVELS), ...before, seed: 2 }, PLAINLY);
    expect(rate(after) / rate(plain)).toBeGreaterThan(0.9);
    expect(after.rows.slice(-300).filter((rows) => rows > 1).length).toBeLessThan(30);
  });

  it('notices that plain decoding has become cheap while trees led', () => {
    const of = world({ sure: 0.6 });
    const before = write(of, 3000, start(LEVELS));
    const cheap: World = {
      ...of,
      passMs: (size, round) => of.passMs(size, round) * (size.rows > size.lanes ? 1 : 0.4),
    };
    const after = write(cheap, 3000, { ...start(LEVELS), ...before, seed: 2 });
    expect(after.rows.slice(-500).filter((rows) => rows > 1).length).toBeLessThan(50);
  });

  it('keeps its head on a machine that is slow by turns and late at times', () => {
    const of = world({});
    const slow = (round: number) => (Math.floor(round / 50) % 2 === 0 ? 1 : 2);
    const late = (round: number) => (uniform(6, round) < 0.02 ? 8 : 1);
    const restless = (steady: World): World => ({
      ...steady,
      passMs: (size, round) => steady.passMs(size, round) * slow(round) * late(round),
    });
    expect(overPlain(restless(world({ taken: useless })), 3000, start(LEVELS))).toBeGreaterThan(
      0.97,
    );
    const best = bestFixed(restless(of), 2000, start(LEVELS));
    expect(rate(write(restless(of), 3000, start(LEVELS))) / best).toBeGreaterThan(0.9);
  });

  it.each([
    ['levels', LEVELS],
    ['one call', ONE_CALL],
    ['no call', FREE],
  ] as const)(
    'looks seldom at trees of %s where a look takes long and nothing pays',
    (_, drafter) => {
      const of = { ...world({ taken: useless }), lookMs: 2 }; // a fifth of a pass
      expect(overPlain(of, 3000, start(drafter))).toBeGreaterThan(0.965);
    },
  );

  it('looks in every round where a look takes nothing', () => {
    const of = world({ taken: useless });
    const { plan } = write(of, 2000, start(LEVELS));
    expect(plan.looks).toBeGreaterThan(0.85 * plan.rounds);
  });

  it('draws no tree for one of a crowd while a prompt is read beside it', () => {
    const from = start(ONE_CALL, GPU);
    const { plan, prices } = write(world({ curve: GPU }), 400, { ...from, lanes: 4 });
    const draws = (lanes: number, reading: number) => {
      const others = { lanes, undecided: 0, rows: lanes, reading };
      return chooseShape(plan, { ...from, prices, others }, 100).shape.total > 1;
    };
    expect(draws(3, 0), 'beside three, with no prompt').toBe(true);
    expect(draws(3, 1), 'beside three and a prompt').toBe(false);
  });

  it('leaves a draft that must read much before an answer that should be short', () => {
    const from = start(LEVELS);
    const { plan, prices } = write(world({}), 400, from);
    const outlook = { ...from, prices, others: ALONE };
    const asks = (answer: number) =>
      chooseShape({ ...plan, answer, reading: 0.1 }, outlook, 100, 500).leads;
    expect(asks(5)).toBe(false);
    expect(asks(80)).toBe(true);
    const after = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5].reduce(observeAnswer, plan);
    expect(after.answer).toBeLessThan(15);
  });

  it('leaves trees whose rounds are cut short, however well their nodes do', () => {
    const from = start(LEVELS);
    let { plan, prices } = write(world({ sure: 0.6 }), 400, from);
    const outlook = { ...from, prices, others: ALONE };
    let asked = 0;
    for (let round = 0; round < 400; round += 1) {
      const choice = chooseShape(plan, outlook, 100);
      const calls = choice.shape.total > 1;
      asked += Number(calls && round >= 200);
      const verified = calls ? chain(0.6, 0.6, 0.6) : rootTree(0);
      const pass = { rows: verified.tokens.length, lanes: 1 };
      const path = calls ? Int32Array.of(0, 1, 2) : Int32Array.of(0);
      const times = {
        targetMs: passPrice(prices, pass),
        draftMs: calls ? 2 : 0,
        hostMs: 0.2,
        pass,
      };
      plan = observeRound(plan, outlook, {
        ...{ choice, proposed: verified, verified, path, tokens: 1, ...times },
      });
    }
    expect(asked).toBeLessThan(40);
  });

  it('finds widths between those that were timed at load, each by a few tries', () => {
    const { plan, prices, rows } = write(
      world({ curve: LARGE }),
      1000,
      start(ONE_CALL, LARGE, [1, 8]),
    );
    expect(timesSeen(prices, 4)).toBeGreaterThan(100);
    expect(rows.filter((count) => count === 4).length / plan.rounds).toBeGreaterThan(0.8);
  });

  it('takes few rows where they are dear and many where they are not, by the same draft', () => {
    const mean = (curve: Curve) => {
      const { rows } = write(world({ curve }), 1500, start(ONE_CALL, curve));
      return rows.reduce((a, b) => a + b, 0) / rows.length;
    };
    expect(mean(CPU)).toBeLessThan(10);
    expect(mean(GPU)).toBeGreaterThan(25);
  });

  it('asks for fewer levels where each is dear', () => {
    const levels = (call: number) => {
      const from = start(LEVELS, GPU, undefined, call);
      const written = write(world({ curve: GPU, call }), 1000, from);
      return chooseShape(
        { ...written.plan, drafted: 0 },
        { ...from, ...written, others: ALONE },
        100,
      ).shape.depth;
    };
    expect(levels(0.01)).toBeGreaterThan(levels(0.4));
  });

  it('thinks no worse of trees for a round in which the machine slept', () => {
    const from = { ...start(LEVELS), ...write(world({}), 1000, start(LEVELS)) };
    const outlook = { ...from, others: ALONE };
    const [choice, tree] = [chooseShape(from.plan, outlook, 100), rootTree(1)];
    const after = observeRound(from.plan, outlook, {
      ...{ choice, proposed: tree, verified: tree, path: Int32Array.of(0), tokens: 1 },
      ...{ targetMs: 3.6e6, draftMs: 1, hostMs: 1, pass: { rows: 1, lanes: 1 } },
    });
    expect(chooseShape(after, outlook, 100).shape.total).toBeGreaterThan(1);
  });

  it('is a value: a round makes a new one and leaves the old', () => {
    const { plan, prices } = start(LEVELS);
    const before = structuredClone({ plan, prices });
    write(world({}), 100, start(LEVELS));
    expect({ plan, prices }).toEqual(before);
  });
});

describe('sixteen answers at once', () => {
  it.each([
    ['a CPU', CPU],
    ['a large model', LARGE],
    ['rows almost free', GPU],
  ] as const)('are at most 1.5 % slower than plain on %s, whatever the draft', (_, curve) => {
    for (const [sure, taken] of [
      [0.9, useless],
      [0.5, undefined],
      [0.8, undefined],
    ] as const) {
      const of = world({ curve, sure, ...(taken && { taken }) });
      const from = { ...start(ONE_CALL, curve), lanes: 16 };
      expect(overPlain(of, 400, from), `sure ${sure}`).toBeGreaterThan(0.985);
    }
  });

  it('look seldom at trees where a look takes long and nothing pays', () => {
    const of = { ...world({ taken: useless }), lookMs: 1 };
    expect(overPlain(of, 400, { ...start(ONE_CALL), lanes: 16 })).toBeGreaterThan(0.95);
  });

  it('share what rows are cheap: a good draft makes them faster where rows cost less than a pass', () => {
    const from = { ...start(ONE_CALL), lanes: 16 };
    expect(overPlain(world({}), 400, from)).toBeGreaterThan(1.08);
    expect(
      overPlain(world({ curve: GPU }), 400, { ...start(ONE_CALL, GPU), lanes: 16 }),
    ).toBeGreaterThan(2);
  });
});

describe('choose', () => {
  it('asks for nothing where one token is left, and for no level beyond the last', () => {
    const { plan, prices, costs } = start(LEVELS, GPU);
    const outlook = { costs, prices, others: ALONE };
    expect(chooseShape(plan, outlook, 1).shape).toEqual(PLAIN);
    expect(chooseShape(plan, outlook, 2).shape.depth).toBe(0);
    expect(chooseShape(plan, outlook, 100).shape.depth).toBeGreaterThan(1);
  });

  it('begins plainly where the trees that are hoped for should hardly be faster: the draft must read the prompt', () => {
    const asked = (ms: number, behind: number) => {
      const pass = [1, 64].map((rows, i) => ({ rows, ms: [10, ms][i] as number }));
      const costs = { target: pass, draftLevel: 1, host: 0 };
      const outlook = { costs, prices: createPrices(costs), others: ALONE };
      return chooseShape(createPlan(costs, ONE_CALL), outlook, 100, behind).shape.total > 1;
    };
    const curves = Array.from({ length: 300 }, (_, i) => 10 + i / 5);
    const close = curves.filter((ms) => asked(ms, 0) !== asked(ms, 300));
    expect(close.length).toBeGreaterThan(0);
    for (const ms of curves)
      expect(Number(asked(ms, 300))).toBeLessThanOrEqual(Number(asked(ms, 0)));
  });

  it('lets a trial wait longer where the draft must read much first', () => {
    const from = start(LEVELS);
    const { plan, prices } = write(world({ taken: useless }), 500, from);
    const read = observeReading(plan, { ...from, prices, others: ALONE }, 1000, 500);
    expect(read.credit).toBeCloseTo(plan.credit - 500);
    expect(chooseShape(read, { ...from, prices, others: ALONE }, 100).shape).toEqual(PLAIN);
  });
});

describe('guesses beside the draft that cost no call', () => {
  const from = start(LEVELS);
  const { plan, prices } = write(world({}), 400, from);
  const outlook = { ...from, prices, others: ALONE };
  /** As far as the draft calls itself by now. */
  const asks = (beside: DraftTree | null) =>
    chooseShape(plan, outlook, 100, 0, beside).shape.total > 1;

  it('leave the draft uncalled where a long match pays as much, and do not where it is short or unsure', () => {
    expect(asks(null)).toBe(true);
    expect(asks(chain(...Array<number>(12).fill(0.96)))).toBe(false);
    expect(asks(chain(0.96))).toBe(true);
    expect(asks(chain(...Array<number>(12).fill(0.4)))).toBe(true);
  });

  it('are cut by the same costs, alone and with the draft’s', () => {
    const sure = joinTrees(rootTree(0), chain(0.96, 0.96, 0.96, 0.01, 0.9));
    const now = { ...plan, rounds: 1 }; // no width is tried for its time
    expect(cutTree(now, outlook, PLAIN, sure).tokens.length).toBe(4);
    const both = joinTrees(chain(0.96, 0.96), chain(0.96, 0.96, 0.96, 0.01, 0.9));
    const { shape } = chooseShape(plan, outlook, 100);
    expect(cutTree(now, outlook, shape, both).tokens.length).toBe(4);
  });

  it('are tried of what was saved up where they do not pay', () => {
    const unsure = chain(0.04);
    const now = { ...outlook, prices: from.prices }; // plain was seen of late
    const rich = { ...plan, vain: 100, credit: 50, rounds: plan.lastDrafted + 40 };
    const choice = chooseShape({ ...rich, credit: 0 }, now, 100, 0, unsure);
    expect(choice).toMatchObject({ shape: PLAIN, leads: false });
    const proposed = joinTrees(rootTree(0), unsure);
    const verified = cutTree(rich, now, PLAIN, proposed);
    expect(verified.tokens.length).toBe(2);
    const pass = { rows: 2, lanes: 1 };
    const times = { targetMs: passPrice(from.prices, pass), draftMs: 0, hostMs: 0.2, pass };
    const played = { choice, proposed, verified, path: Int32Array.of(0), tokens: 1, ...times };
    expect(observeRound(rich, now, played).credit).toBeLessThan(rich.credit);
  });

  it('that turn out wrong call the draft again', () => {
    const guessed = chain(...Array<number>(12).fill(0.96));
    let now = plan;
    let rounds = 0;
    for (;;) {
      const choice = chooseShape(now, outlook, 100, 0, guessed);
      if (choice.shape.total > 1 || rounds === 20) break;
      const proposed = joinTrees(rootTree(0), guessed);
      const verified = cutTree(now, outlook, PLAIN, proposed);
      const pass = { rows: verified.tokens.length, lanes: 1 };
      const times = { targetMs: passPrice(prices, pass), draftMs: 0, hostMs: 0.2, pass };
      const played = { choice, proposed, verified, path: Int32Array.of(0), tokens: 1 };
      now = observeRound(now, outlook, { ...played, ...times });
      rounds += 1;
    }
    expect(rounds).toBeGreaterThan(0);
    expect(rounds).toBeLessThan(10);
  });
});

describe('cutTree', () => {
  const costs = {
    target: [1, 2, 3, 4].map((rows) => ({ rows, ms: 7 + 3 * rows })),
    draftLevel: 0,
    host: 0,
  };
  const cut = (tree: ReturnType<typeof chain>) => {
    const outlook = { costs, prices: createPrices(costs), others: ALONE };
    return cutTree({ ...createPlan(costs, FREE), rounds: 1 }, outlook, PLAIN, tree).tokens.length;
  };

  it('takes the nodes that bring more than they cost, and no further one', () => {
    expect(cut(chain(0.9, 0.9, 0.9))).toBe(4);
    expect(cut(chain(0.9, 0.3, 0.9))).toBe(2); // 1.9 tokens in 13 ms; another 0.27 in 3 ms is less
    expect(cut(chain(0.2, 0.9, 0.9))).toBe(1);
  });

  it('takes a dear node for the sake of the cheap ones behind it', () => {
    const steps = {
      ...costs,
      target: [
        { rows: 1, ms: 10 },
        { rows: 4, ms: 18 },
      ],
    };
    const outlook = { costs: steps, prices: createPrices(steps), others: ALONE };
    const plan = { ...createPlan(steps, FREE), rounds: 1 };
    expect(cutTree(plan, outlook, PLAIN, chain(0.7, 0.95, 0.95)).tokens.length).toBe(4);
    expect(cutTree(plan, outlook, PLAIN, chain(0.7)).tokens.length).toBe(1);
  });

  it('decides without looking at what is drawn: the same tree is cut the same', () => {
    expect(cut(chain(0.9, 0.3, 0.9))).toBe(cut(chain(0.9, 0.3, 0.9)));
  });
});

describe('explain', () => {
  const told = (of: World, tokens: number, from: Start) => {
    const { plan, prices } = write(of, tokens, from);
    return explainPlan(plan, { ...from, prices, others: ALONE });
  };

  it('says what leads and by how much', () => {
    expect(told(world({}), 500, start(LEVELS))).toMatch(
      /^trees of about \d+ rows, which give [34]\.\d\d tokens in \d+\.\d ms, [12]\.\d\dx plain's \d+\.\d ms a token \(after \d+ rounds\)$/,
    );
  });

  it('says why plain leads, and never gives trees that are faster as the reason', () => {
    for (let sure = 0; sure < 0.6; sure += 0.05) {
      const text = told(world({ sure, taken: (said) => said / 3 }), 200, start(LEVELS));
      const [, lead, speed] = text.match(/^(plain, since|trees).* (\d\.\d\d)x plain's/) ?? [];
      expect(Number(speed), text).toBeGreaterThan(0);
      if (lead === 'plain, since') expect(Number(speed), text).toBeLessThanOrEqual(1.02);
      else expect(Number(speed), text).toBeGreaterThanOrEqual(1.02);
    }
  });

  it('promises no tokens before a draft was seen, only what its trees take', () => {
    const cost = 'take \\d+\\.\\d ms, as long as \\d\\.\\d\\d plain tokens; no draft was seen yet';
    const { plan, ...rest } = start(LEVELS);
    const outlook = { ...rest, others: ALONE };
    expect(explainPlan(plan, outlook)).toMatch(
      new RegExp(`^trees of about \\d+ rows first: they ${cost}$`),
    );
    const dear = start(
      LEVELS,
      [
        [1, 10],
        [8, 80],
        [16, 160],
      ],
      [1, 8, 16],
    );
    const plainAtFirst = new RegExp(`^plain at first: trees of about \\d+ rows ${cost}$`);
    expect(explainPlan(dear.plan, { ...dear, others: ALONE })).toMatch(plainAtFirst);
  });
});
