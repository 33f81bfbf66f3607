import type { PictureSpan } from '../../src/contracts/messages.ts';
import type { Rows } from '../../src/contracts/rows.ts';
import { floatTensor } from '../../src/contracts/session.ts';
import { embedPicture } from '../../src/engine/answer/embed-pictures.ts';
import type { PreparedPrompt } from '../../src/engine/answer/read-prompt.ts';
import type { Model } from '../../src/engine/model.ts';
import type { LlavaConfig } from '../../src/families/llava/llava-config.ts';
import { decodeSource } from '../../src/input/node/testing/decode-source.ts';
import type { GoldenCase } from './golden-cases.ts';

/**
 * The prompt with the tower's embeddings of Hugging Face's own pixels, so that picture decoders stay out of it; the
 * layouts recorded none, and their pictures are PNG.
 */
export async function preparedCase(
  model: Model,
  { set, name, ids, prompt, pictures }: GoldenCase,
  numbers: (name: string) => Float32Array,
): Promise<PreparedPrompt> {
  const { imageTokens, imageTokenId, vision } = model.files.config as LlavaConfig;
  const size = vision.imageSize;
  const all = set === 'layout' || pictures.length === 0 ? null : numbers(`${name}.pixel_values`);
  const embeddings: Rows[] = [];
  for (const [index, path] of pictures.entries()) {
    embeddings.push(
      all === null
        ? await embedPicture(model, await decodeSource(path))
        : await model.embed({
            pixels: floatTensor(pixelsOf(all, index, size), [1, 3, size, size]),
          }),
    );
  }
  return {
    text: prompt,
    ids: Int32Array.from(ids),
    spans: runs(ids, imageTokenId, imageTokens),
    pictures: embeddings.map((rows, i) => ({ digest: pictures[i] as string, embeddings: rows })),
  };
}

function pixelsOf(all: Float32Array, index: number, size: number): Float32Array {
  const each = 3 * size * size;
  return all.slice(index * each, (index + 1) * each);
}

/** Placeholder runs; adjacent pictures make one run of twice the length. */
function runs(ids: readonly number[], imageTokenId: number, length: number): PictureSpan[] {
  const places = [...ids.keys()].filter((place) => ids[place] === imageTokenId);
  const starts = places.filter((_, index) => index % length === 0);
  return starts.map((start, picture) => ({ start, length, picture, row: 0 }));
}
