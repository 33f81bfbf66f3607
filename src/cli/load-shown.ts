import type { LoadOptions } from '../contracts/load.ts';
import { load, type MsdModel } from '../load.ts';
import { given } from './given.ts';
import type { Progress } from './progress.ts';

type Flags = {
  readonly [K in 'model' | 'draft' | 'device' | 'threads' | 'draftPositions' | 'force']?:
    | LoadOptions[K]
    | undefined;
};

/** Loads what the flags say, and shows that it takes its time. */
export async function loadShown(flags: Flags, progress: Progress): Promise<MsdModel> {
  const { model, draft, device, threads, draftPositions, force } = flags;
  progress.start(`loading ${model ?? 'the embedded pair'}`);
  try {
    return await load(given({ model, draft, device, threads, draftPositions, force }));
  } finally {
    progress.clear();
  }
}
