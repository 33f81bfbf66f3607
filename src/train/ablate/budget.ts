import { judgedRows } from '../../learn/draft/msd/draft-feeds.ts';
import { createDraws } from '../curriculum/draw.ts';
import { multimodalShare } from '../curriculum/share.ts';
import type { ByKind } from '../data/read-material.ts';
import type { DraftTraining } from '../draft/draft-config.ts';
import type { Arm } from './arms.ts';

/** How long an arm trains. */
export interface ArmLength {
  readonly steps: number;
  readonly replyTokens: number;
  /** Mean share of multimodal dialogues over the run. */
  readonly share: number;
}

/** Mean share of multimodal dialogues over the two-stage run, which is the constant share of `mixed`. */
export function meanShare(steps: number, curriculum: DraftTraining['curriculum']): number {
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    sum += multimodalShare(step, steps, { ...curriculum, kind: 'two-stage' });
  }
  return sum / steps;
}

/**
 * The steps of an arm whose reply tokens come nearest to a budget. Draws are a pure function of seed and step, so they
 * are counted before anything is trained. The two-stage arms, whose draws depend on their length, take `steps` as it is.
 */
export function armLength(
  arm: Arm,
  { text, visual }: ByKind,
  { seed, batch, curriculum }: Pick<DraftTraining, 'seed' | 'batch' | 'curriculum'>,
  steps: number,
  budget: number,
): ArmLength {
  const settings = {
    ...curriculum,
    kind: arm.curriculum,
    mixedShare: meanShare(steps, curriculum),
  };
  const shareAt = (step: number) => multimodalShare(step, steps, settings);
  const counts = { text: text.length, visual: visual.length };
  const draw = createDraws({ seed, batch, ...counts, shareAt });
  const judged = {
    text: text.map(({ tokens }) => judgedRows(tokens).length),
    visual: visual.map(({ tokens }) => judgedRows(tokens).length),
  };
  const fixed = arm.curriculum === 'two-stage';
  let [done, replyTokens, pictures] = [0, 0, 0];
  for (;;) {
    const draws = draw(done);
    const more = draws.reduce((sum, { kind, index }) => sum + (judged[kind][index] ?? 0), 0);
    const enough = fixed ? done === steps : replyTokens + more / 2 > budget;
    if (enough && done > 0) break;
    done++;
    replyTokens += more;
    pictures += draws.filter(({ kind }) => kind === 'visual').length;
  }
  return { steps: done, replyTokens, share: pictures / (done * batch) };
}
