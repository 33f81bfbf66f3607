import { ContextLengthError, PlaceholderError, PromptError } from '../../contracts/errors.ts';
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
type PromptRequest = ChatRequest & Pick<Request, 'given'>;

type ChatRequest = Pick<Request, 'messages' | 'tools' | 'toolChoice' | 'documents'>;

/**
 * Renders and tokenises a request's messages, whose pictures have these layouts.
 * @throws ContextLengthError if no room is left for an answer; ChatTemplateError, PlaceholderError
 */
export function readPrompt(
  model: PromptReader,
  request: PromptRequest,
  layouts: readonly PictureLayout[], // [pictures]
): PromptIds {
  const { given } = request;
  const prompt =
    given === undefined ? chatPrompt(model, request, layouts) : givenPrompt(model, given);
  const { contextLength } = model.target;
  if (prompt.ids.length < contextLength) return prompt;
  const pictureTokens = layouts.reduce((sum, { ids }) => sum + ids.length, 0);
  throw new ContextLengthError(prompt.ids.length, contextLength, pictureTokens);
}

function chatPrompt(
  model: PromptReader,
  { messages, tools, toolChoice, documents }: ChatRequest,
  layouts: readonly PictureLayout[],
): PromptIds {
  return buildPrompt({
    tokenizer: model.tokenizer,
    template: model.template,
    messages,
    offered: { ...(tools && toolChoice !== 'none' && { tools }), ...(documents && { documents }) },
    imageTokenId: model.files.config.imageTokenId,
    layouts,
  });
}

/** A text as it stands. It has no pictures, so their placeholder is refused. */
function givenPrompt(
  { tokenizer, files }: PromptReader,
  given: string | readonly number[],
): PromptIds {
  const { imageTokenId, decoder } = files.config;
  const ids =
    typeof given === 'string'
      ? tokenizer.encode(given, { addSpecialTokens: true })
      : Int32Array.from(given);
  const beyond = ids.find((id) => id >= decoder.vocabSize);
  if (beyond !== undefined) {
    throw new PromptError(`The model has no token ${beyond}; give ids below ${decoder.vocabSize}.`);
  }
  if (ids.length === 0) throw new PromptError('The text has no tokens; give one that has.');
  const pictures = ids.filter((id) => id === imageTokenId).length;
  if (pictures > 0) throw new PlaceholderError(pictures, 0);
  return { text: typeof given === 'string' ? given : '', ids, spans: [] };
}
