import type { DecodeImage } from '../../contracts/image.ts';
import { namesIn } from '../../engine/answer/embed-pictures.ts';
import { tellReadings } from '../../input/with-readings.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { seePicture, type TeachingModel } from '../features/teaching-prompt.ts';

/** Names of what a dialogue's pictures show, as an answer would know them: none where their words are told. */
export async function namesOf(
  model: Pick<TeachingModel, 'embed' | 'pictures'>,
  decodeImage: DecodeImage,
  { images, messages }: Pick<Dialogue, 'images' | 'messages'>,
): Promise<Int32Array[]> {
  if (model.pictures?.named === undefined || tellReadings(messages)) return [];
  const seen = [];
  for (const image of images)
    seen.push({ embeddings: await seePicture(model, decodeImage, image) });
  return namesIn(seen);
}
