import { ContextLengthError } from '../../contracts/errors.ts';
import type { PictureLayout } from '../../contracts/image.ts';
import type { PromptIds } from '../../contracts/messages.ts';
import { buildPrompt } from '../../input/prompt.ts';
import type { Model } from '../model.ts';
import type { Picture } from './picture.ts';
import type { Request } from './resolve-options.ts';

/** A prompt as the target reads it. */
export interface PreparedPrompt extends PromptIds {
  /** In the order of the messages. */
  readonly pictures: readonly Picture[];
}

/** What reading a prompt needs of a model. */
export interface PromptReader extends Pick<Model, 'files' | 'tokenizer' | 'template'> {
  readonly target: Pick<Model['target'], 'contextLength'>;
}

/** What of a request goes into its prompt. */
type PromptRequest = Pick<Request, 'messages' | 'tools' | 'toolChoice' | 'documents'>;

/**
 * Renders and tokenises a request's messages, whose pictures have these layouts.
 * @throws ContextLengthError if no room is left for an answer; ChatTemplateError, PlaceholderError
 */
export function readPrompt(
  model: PromptReader,
  { messages, tools, toolChoice, documents }: PromptRequest,
  layouts: readonly PictureLayout[], // [pictures]
): PromptIds {
  const prompt = buildPrompt({
    tokenizer: model.tokenizer,
    template: model.template,
    messages,
    offered: { ...(tools && toolChoice !== 'none' && { tools }), ...(documents && { documents }) },
    imageTokenId: model.files.config.imageTokenId,
    layouts,
  });
  const { contextLength } = model.target;
  if (prompt.ids.length < contextLength) return prompt;
  const pictureTokens = layouts.reduce((sum, { ids }) => sum + ids.length, 0);
  throw new ContextLengthError(prompt.ids.length, contextLength, pictureTokens);
}
