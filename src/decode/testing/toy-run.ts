import type { Drafter, TreeShape } from '../../contracts/drafter.ts';
import type { Sampling } from '../../contracts/generate.ts';
import type { Asking } from '../../contracts/need.ts';
import type { Forward, Target } from '../../contracts/target.ts';
import { wordPositions } from '../draft-rows.ts';
import { type Round, runRound } from '../round.ts';
import { createPicker } from '../sample.ts';
import { fitShape } from '../tree-shape.ts';

export const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 };

interface ToyRun {
  readonly target: Target;
  readonly drafter: Drafter | null;
  readonly prompt: readonly number[];
  readonly tokens: number;
  readonly sampling: Sampling;
  /** Shape of each round. */
  readonly shape: (round: number) => TreeShape;
}

/** Prefill, then rounds until `tokens` are written. */
export async function toyRun({
  target,
  drafter,
  prompt,
  tokens,
  sampling,
  shape,
}: ToyRun): Promise<{ ids: number[]; rounds: Round[] }> {
  const sequence = target.open();
  const picker = createPicker(sampling);
  const ids = Int32Array.from(prompt);
  const parents = ids.map((_, i) => i - 1);
  const heads = Int32Array.of(ids.length - 1);
  const positions = wordPositions(ids.length, 0);
  const step = { sequence, ids, parents, positions, heads, want: picker.want };
  const [forward] = (await target.forward([step])) as [Forward];
  const all = ids.map((_, i) => i);
  sequence.commit(forward, all);
  const first = picker.pick(forward, 0, ids.length, []);
  const written = [first];
  const rounds: Round[] = [];
  let root = first;
  let unread: Round['unread'] = [
    { next: Int32Array.of(...prompt.slice(1), first), from: forward.rows, at: all },
  ];
  const draft = drafter && { drafter, state: drafter.open() };
  while (written.length < tokens) {
    const round = await serve(
      runRound({
        sequence,
        draft,
        unread,
        root,
        position: sequence.length,
        shape: fitShape(shape(rounds.length), tokens - written.length),
        picker,
      }),
      target,
    );
    written.push(...round.accepted.tokens, round.accepted.bonus);
    root = round.accepted.bonus;
    unread = round.unread;
    rounds.push(round);
  }
  sequence.dispose();
  return { ids: written, rounds };
}

/** Runs a part of an answer to its end, alone in every pass. */
export async function serve<R>(asking: Asking<R>, target: Target): Promise<R> {
  let given = asking.next();
  while (!given.done) {
    const need = given.value;
    if (need.type === 'target') {
      const [forward] = await target.forward([need.step]);
      given = asking.next(forward);
    } else if (need.type === 'draft') {
      const [tree] = await need.drafter.run([need.job]);
      given = asking.next(tree);
    } else throw new Error(`a round does not need ${need.type}`);
  }
  return given.value;
}
