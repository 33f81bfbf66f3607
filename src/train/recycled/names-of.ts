import type { Names } from '../../contracts/drafter.ts';
import type { DecodeImage } from '../../contracts/image.ts';
import { namesIn } from '../../engine/answer/embed-pictures.ts';
import type { Model } from '../../engine/model.ts';
import { askedWords } from '../../input/asked-words.ts';
import { readingsApart } from '../../input/with-readings.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { seePicture } from '../features/teaching-prompt.ts';

/**
 * What each answer of a dialogue may name, as it would know it: words of pictures that its question may ask for; where
 * none are told, names of what the pictures show.
 */
export async function namesOf(
  model: Pick<Model, 'embed' | 'pictures' | 'tokenizer'>,
  decodeImage: DecodeImage,
  { images, messages }: Pick<Dialogue, 'images' | 'messages'>,
): Promise<Names[]> {
  const told = readingsApart(messages);
  const seen: Parameters<typeof namesIn>[0][number][] = [];
  if (told.rows.length === 0 && model.pictures?.named !== undefined) {
    for (const image of images)
      seen.push({ embeddings: await seePicture(model, decodeImage, image) });
  }
  const shown = namesIn(seen);
  return told.messages.flatMap(({ role }, at) => {
    if (role !== 'assistant') return [];
    const asked = askedWords(told.rows, told.messages.slice(0, at), model.tokenizer);
    return [{ names: [...asked, ...shown], shown: shown.length > 0 }];
  });
}
