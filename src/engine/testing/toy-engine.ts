import type { GenerateEvent, PromptOptions } from '../../contracts/generate.ts';
import type { Target } from '../../contracts/target.ts';
import { engineOf } from '../engine.ts';
import { toyModel } from './toy-model.ts';

/** An answer of some length. */
export const LONG: PromptOptions = { prompt: 'abcabd', maxTokens: 60, ignoreEos: true };

/** An engine over a toy model. */
export function toyEngine(settings: Parameters<typeof toyModel>[0] = {}) {
  const { host, model } = toyModel(settings);
  return engineOf(host, model);
}

/** Counts the passes of all targets that it wraps. */
export function countPasses() {
  let passes = 0;
  const wrap = (target: Target): Target => ({
    ...target,
    forward(steps) {
      passes++;
      return target.forward(steps);
    },
  });
  return { wrap, passes: () => passes };
}

/** The events of an answer, by their types. */
export const kinds = (events: readonly GenerateEvent[]) => events.map(({ type }) => type).join(' ');
