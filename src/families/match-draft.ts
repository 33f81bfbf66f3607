import type { DraftConfig, TargetConfig } from '../contracts/checkpoint.ts';
import { DraftMismatchError } from '../contracts/errors.ts';
import { familyOf } from './families.ts';

/**
 * Whether the draft can serve the target: it reads the target's features and speaks through the target's head. Its own
 * table may be shorter than the target's vocabulary (published: 32,000 against 32,064).
 * @throws DraftMismatchError that names what differs.
 */
export function matchDraft(
  draft: DraftConfig,
  { family, decoder }: Pick<TargetConfig, 'decoder' | 'family'>,
): void {
  if (!familyOf({ family }).drafts.includes(draft.family)) {
    throw new DraftMismatchError('family', draft.family, family);
  }
  if (draft.hiddenSize !== decoder.hiddenSize) {
    throw new DraftMismatchError('hidden size', draft.hiddenSize, decoder.hiddenSize);
  }
  if (draft.vocabSize > decoder.vocabSize) {
    throw new DraftMismatchError('vocabulary size', draft.vocabSize, decoder.vocabSize);
  }
}
