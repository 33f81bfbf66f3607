import type { PictureReader } from '../../contracts/image.ts';
import { floatTensor } from '../../contracts/session.ts';
import { runLayout } from '../../input/encode-rendered.ts';
import type { ClipProcessorConfig } from '../clip/clip-processor-config.ts';
import { processImage } from '../clip/process-image.ts';

/** Pictures of one size for a CLIP tower, each with as many embeddings as any other: pixels [1, 3, S, S]. */
export function clipPictures(
  processor: ClipProcessorConfig,
  { imageTokenId, imageTokens }: { readonly imageTokenId: number; readonly imageTokens: number },
): PictureReader {
  const layout = runLayout(imageTokenId, imageTokens);
  return {
    layout: () => layout,
    feeds(image) {
      const { data, height, width } = processImage(image, processor);
      return { pixels: floatTensor(data, [1, 3, height, width]) };
    },
  };
}
