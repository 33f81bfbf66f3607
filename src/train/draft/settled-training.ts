import type { DraftTraining } from './draft-config.ts';

/** What is meant, of a kind of draft, where a setting is left out. */
export interface MethodDefaults {
  /** Settings of this method alone. */
  readonly own: {
    readonly draft: Readonly<Record<string, unknown>>;
    readonly objective: Readonly<Record<string, unknown>>;
  };
  readonly noise: { readonly length: number };
  readonly optimiser: { readonly rate: number; readonly clip: number };
  readonly warmup: (steps: number) => number;
  readonly validation: {
    readonly depths: number;
    readonly tree: number | [total: number, depth: number, topK: number];
    readonly decode: number;
    readonly decodeAtEnd: number;
  };
}

/** A training's config with all that was left out. */
export interface SettledTraining extends DraftTraining {
  readonly steps: number;
  readonly noise: Filled<DraftTraining['noise'], 'length'>;
  readonly optimiser: Filled<DraftTraining['optimiser'], 'rate' | 'clip' | 'warmup'>;
  readonly validation: Filled<
    DraftTraining['validation'],
    'depths' | 'tree' | 'decode' | 'decodeAtEnd'
  >;
}

type Filled<Group, Key extends keyof Group> = Omit<Group, Key> & {
  readonly [K in Key]-?: NonNullable<Group[K]>;
};
