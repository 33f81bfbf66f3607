import type { GenerateEvent, GenerateOptions } from '../../contracts/generate.ts';
import { engineOf } from '../engine.ts';
import { toyModel } from './toy-model.ts';

/** An answer of some length. */
export const LONG: GenerateOptions = { prompt: 'abcabd', maxTokens: 60, ignoreEos: true };

/** An engine over a toy model. */
export function toyEngine(settings: Parameters<typeof toyModel>[0] = {}) {
  const { host, model } = toyModel(settings);
  return engineOf(host, model);
}

/** The events of an answer, by their types. */
export const kinds = (events: readonly GenerateEvent[]) => events.map(({ type }) => type).join(' ');
