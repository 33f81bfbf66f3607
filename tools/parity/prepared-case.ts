import type { Rows } from '../../src/contracts/rows.ts';
import type { Model } from '../../src/engine/load-model.ts';
import type { PreparedPrompt } from '../../src/engine/read-prompt.ts';
import { processImage } from '../../src/input/image-processor.ts';
import { createImageDecoder } from '../../src/input/node/decode-image.ts';
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
  const { imageTokens, imageTokenId, vision } = model.files.config;
  const size = vision.imageSize;
  const decode = createImageDecoder();
  const all = set === 'layout' || pictures.length === 0 ? null : numbers(`${name}.pixel_values`);
  const embeddings: Rows[] = [];
  for (const [index, path] of pictures.entries()) {
    const pixels =
      all === null
        ? processImage(await decode(path), model.imageProcessor)
        : { data: pixelsOf(all, index, size), height: size, width: size };
    embeddings.push(await model.see(pixels));
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
function runs(ids: readonly number[], imageTokenId: number, length: number) {
  const places = [...ids.keys()].filter((place) => ids[place] === imageTokenId);
  return places.filter((_, index) => index % length === 0).map((start) => ({ start, length }));
}
