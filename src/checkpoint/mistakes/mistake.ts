import type { Remedy } from '../../contracts/errors.ts';

/** What stands where a model's folder was expected. */
export interface Mistake {
  /** As `a GGUF file`. */
  readonly what: string;
  /** What goes on, as the end of a sentence. */
  readonly advice: string;
  readonly remedy?: Remedy;
}

/** A mistake that a name of a model or a folder puts right. */
export const giveInstead = (what: string, advice: string, model: string): Mistake => ({
  what,
  advice,
  remedy: { kind: 'use-option', option: 'model', values: [model] },
});

/** Weights of a format that other programs run. */
export const otherRuntime = (what: string): Mistake => ({
  what,
  advice:
    'this program reads safetensors and pytorch_model.bin: use the files that the model was first published as',
});
