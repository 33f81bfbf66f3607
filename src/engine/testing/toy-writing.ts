import { expect } from 'vitest';
import type { Drafter, TreeShape } from '../../contracts/drafter.ts';
import type { Sampling } from '../../contracts/generate.ts';
import {
  type Asking,
  askAdmission,
  askHost,
  askTarget,
  askTower,
  tell,
} from '../../contracts/need.ts';
import { floatTensor } from '../../contracts/session.ts';
import type { Step, Target } from '../../contracts/target.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import { type Round, runRound } from '../../decode/round.ts';
import { createPicker } from '../../decode/sample.ts';
import { toyDrafter } from '../../decode/testing/toy-drafter.ts';
import { toyLanguage } from '../../decode/testing/toy-language.ts';
import { GREEDY } from '../../decode/testing/toy-run.ts';
import { toyTarget } from '../../decode/testing/toy-target.ts';
import { fitShape } from '../../decode/tree-shape.ts';
import { consecutive } from '../../model/consecutive.ts';
import { createLedger } from '../answer/ledger.ts';
import { createMeter } from '../answer/meter.ts';
import type { Limits, Networks, Ticket } from '../answer/scheduler.ts';
import { serveAlone } from '../answer/serve-alone.ts';

export const LANGUAGE = toyLanguage(20, 2, 1, 8);
export const TREE: TreeShape = { total: 12, depth: 3, topK: 4 };
export const ROOM: Limits = { sequences: 64, columns: Infinity };

export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A toy's networks, whose passes take a turn of the event loop; what each pass was for, in order. */
export function toyNetworks(wrap: (target: Target) => Target = (target) => target) {
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

export const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  ledger: createLedger(() => 0),
  emit: () => {},
  cancelled: () => false,
  ...more,
});

export interface Writing {
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
export function* write(
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

export const alone = (writing: Writing) => {
  const { networks, drafter } = toyNetworks();
  const own = writing.drafter ? drafter : null;
  return serveAlone(write(networks.target, { ...writing, drafter: own }), networks);
};

/** One token behind a text. */
export function tokenStep(sequence: ReturnType<Target['open']>): Step {
  return {
    ...{ sequence, ids: Int32Array.of(5), parents: Int32Array.of(-1) },
    ...{ positions: wordPositions(1, sequence.length), heads: Int32Array.of(0), want: 'best' },
  };
}
