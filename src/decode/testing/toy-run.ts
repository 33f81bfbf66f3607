import type { Drafter, TreeShape } from '../../contracts/drafter.ts';
import type { Sampling } from '../../contracts/generate.ts';
import type { Forward, Target } from '../../contracts/target.ts';
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
  const [forward] = (await target.forward(
    [
      {
        sequence,
        ids,
        parents: ids.map((_, i) => i - 1),
        positions: ids.map((_, i) => i),
        heads: Int32Array.of(ids.length - 1),
      },
    ],
    picker.want,
  )) as [Forward];
  sequence.commit(
    forward,
    ids.map((_, i) => i),
  );
  const first = picker.pick(forward, 0, ids.length);
  const written = [first];
  const rounds: Round[] = [];
  let root = first;
  let unread: Round['unread'] = [
    { next: Int32Array.of(...prompt.slice(1), first), features: forward.features },
  ];
  const draft = drafter?.open() ?? null;
  while (written.length < tokens) {
    const round = await runRound({
      target,
      sequence,
      draft,
      unread,
      root,
      position: sequence.length,
      shape: fitShape(shape(rounds.length), tokens - written.length),
      picker,
    });
    written.push(...round.accepted.tokens, round.accepted.bonus);
    root = round.accepted.bonus;
    unread = round.unread;
    rounds.push(round);
  }
  sequence.dispose();
  return { ids: written, rounds };
}
