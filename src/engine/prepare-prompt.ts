import { ContextLengthError } from '../contracts/errors.ts';
import type { ImageSource } from '../contracts/image.ts';
import type { PromptIds } from '../contracts/messages.ts';
import type { Rows } from '../contracts/rows.ts';
import { processImage } from '../input/image-processor.ts';
import { normaliseMessages } from '../input/messages.ts';
import { buildPrompt } from '../input/prompt.ts';
import type { Host } from './host.ts';
import type { Model } from './load-model.ts';
import type { Request } from './resolve-options.ts';

/** A prompt as the target reads it. */
export interface PreparedPrompt extends PromptIds {
  /** Visual embeddings, one entry per placeholder run. */
  readonly pictures: readonly Picture[];
}

export interface Picture {
  /** Digest of the pixels: equal pictures have equal embeddings. */
  readonly digest: string;
  readonly embeddings: Rows; // [imageTokens, H]
}

/** Embeddings of pictures seen lately, so that a picture that stays in the conversation is seen once. */
export type PictureCache = Map<string, Rows>;

const REMEMBERED = 16;

/** Checks the messages, renders and tokenises them, and lets the tower see the pictures, one a step. */
export async function* preparePrompt(
  model: Model,
  host: Host,
  cache: PictureCache,
  request: Request,
): AsyncGenerator<void, PreparedPrompt> {
  const { config } = model.files;
  const { messages, images } = normaliseMessages(request.messages, request.system);
  const prompt = buildPrompt({
    tokenizer: model.tokenizer,
    template: model.template,
    messages,
    imageTokenId: config.imageTokenId,
    imageTokens: images.map(() => config.imageTokens),
  });
  const { contextLength } = config.decoder;
  if (prompt.ids.length >= contextLength)
    throw new ContextLengthError(prompt.ids.length, contextLength);
  const pictures: Picture[] = [];
  for (const source of images) {
    pictures.push(await see(model, host, cache, source));
    yield;
  }
  return { ...prompt, pictures };
}

async function see(
  model: Model,
  host: Host,
  cache: PictureCache,
  source: ImageSource,
): Promise<Picture> {
  const image = await host.decodeImage(source);
  const bytes = await crypto.subtle.digest('SHA-256', new Uint8Array(image.data));
  const digest = `${image.width}x${image.height}:${new Uint8Array(bytes).join('.')}`;
  const embeddings =
    cache.get(digest) ?? (await model.see(processImage(image, model.imageProcessor)));
  cache.delete(digest);
  cache.set(digest, embeddings);
  const oldest = cache.keys().next().value;
  if (cache.size > REMEMBERED && oldest !== undefined) cache.delete(oldest);
  return { digest, embeddings };
}
