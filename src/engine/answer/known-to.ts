import type { RecycledTokens } from '../../contracts/drafter.ts';
import type { AnswerContext } from './answer-state.ts';
import { createPictureCache } from './picture.ts';
import type { Request } from './resolve-options.ts';

/** What an answer may know of earlier ones, and what it leaves to later ones. */
interface Known {
  readonly context: AnswerContext;
  /** What the target held likely. */
  readonly recycled: RecycledTokens;
  /** Whether what was read of prompts is shared. */
  readonly remembers: boolean;
}

export function knownTo({ forget, images }: Request, context: AnswerContext): Known {
  const { ofAll, fresh } = context.model.drafters.recycled;
  if (forget === undefined) return { context, recycled: ofAll, remembers: true };
  const own = fresh();
  if (forget === 'likely') return { context, recycled: own, remembers: true };
  const pictures = createPictureCache(images.length);
  return { context: { ...context, pictures }, recycled: own, remembers: false };
}
