import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { DraftConfig, TargetConfig } from '../contracts/checkpoint.ts';
import { DraftMismatchError } from '../contracts/errors.ts';
import { familyOf } from './families.ts';

/**
 * Whether the draft can serve the target: it reads the target's features and speaks through the target's head. A table
 * of its own may be shorter than the target's vocabulary (published: 32,000 against 32,064); a block draft, which borrows
 * the target's, is of one target alone.
 * @throws DraftMismatchError that names what differs.
 */
export function matchDraft(
  draft: DraftConfig | BlockDraftConfig,
  { family, decoder }: Pick<TargetConfig, 'decoder' | 'family'>,
): void {
  const borrows = 'slots' in draft;
  const read = borrows ? [family] : familyOf({ family }).drafts;
  if (!read.includes(draft.family)) {
    throw new DraftMismatchError('family', draft.family, family);
  }
  if (draft.hiddenSize !== decoder.hiddenSize) {
    throw new DraftMismatchError('hidden size', draft.hiddenSize, decoder.hiddenSize);
  }
  if (draft.vocabSize > decoder.vocabSize || (borrows && draft.vocabSize < decoder.vocabSize)) {
    throw new DraftMismatchError('vocabulary size', draft.vocabSize, decoder.vocabSize);
  }
}
