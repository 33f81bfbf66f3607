import type { DecodeImage } from '../../contracts/image.ts';
import { embedPicture, namesIn } from '../../engine/answer/embed-pictures.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { tellReadings } from '../../input/with-readings.ts';
import type { Dialogue } from '../data/dialogue.ts';
import type { TeachingModel } from '../features/teaching-prompt.ts';

/** Names of what a dialogue's pictures show, as an answer would know them: none where their words are told. */
export async function namesOf(
  model: Pick<TeachingModel, 'embed' | 'pictures'>,
  decodeImage: DecodeImage,
  { images, messages }: Pick<Dialogue, 'images' | 'messages'>,
): Promise<Int32Array[]> {
  const { pictures } = model;
  if (pictures?.named === undefined || tellReadings(messages)) return [];
  const seen = [];
  for (const image of images) {
    const decoded = await decodeImage(await readPicture(image), pictures);
    seen.push({ digest: '', embeddings: await embedPicture(model, decoded) });
  }
  return namesIn(seen);
}
