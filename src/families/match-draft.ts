import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { DraftConfig, TargetConfig } from '../contracts/checkpoint.ts';
import { DraftMismatchError } from '../contracts/errors.ts';
import { familyOf } from './families.ts';

type Target = Pick<TargetConfig, 'decoder' | 'family'>;

/**
 * Whether the draft can serve the target: it reads the target's features and speaks through the target's head. Its own
 * table may be shorter than the target's vocabulary (published: 32,000 against 32,064).
 * @throws DraftMismatchError that names what differs.
 */
export function matchDraft(draft: DraftConfig, target: Target): void {
  matchFeatures(draft, target, familyOf(target).drafts);
  const { vocabSize } = target.decoder;
  if (draft.vocabSize > vocabSize) {
    throw new DraftMismatchError('vocabulary size', draft.vocabSize, vocabSize);
  }
}

/**
 * The same of a block draft, which borrows the target's table of words too.
 * @throws DraftMismatchError that names what differs.
 */
export function matchBlockDraft(draft: BlockDraftConfig, target: Target): void {
  matchFeatures(draft, target, [target.family]);
  const { vocabSize } = target.decoder;
  if (draft.vocabSize !== vocabSize) {
    throw new DraftMismatchError('vocabulary size', draft.vocabSize, vocabSize);
  }
}

/** @param families that are read */
function matchFeatures(
  draft: Pick<DraftConfig, 'family' | 'hiddenSize'>,
  { family, decoder }: Target,
  families: readonly string[],
): void {
  if (!families.includes(draft.family)) {
    throw new DraftMismatchError('family', draft.family, family);
  }
  if (draft.hiddenSize !== decoder.hiddenSize) {
    throw new DraftMismatchError('hidden size', draft.hiddenSize, decoder.hiddenSize);
  }
}
