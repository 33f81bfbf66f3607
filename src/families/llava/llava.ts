import { type ClipProcessorConfig, clipProcessorConfig } from '../clip/clip-processor-config.ts';
import { plainDraft } from '../decoder/plain-draft.ts';
import type { Family } from '../family.ts';
import { llavaSpread } from '../llava-parts/llava-spread.ts';
import { llavaDecoder, llavaLayout, PROJECTOR } from '../llava-parts/llava-tensors.ts';
import { llavaVisionProducts } from '../llava-parts/visual-embeddings.ts';
import { otherProcessor } from '../preprocessor-file.ts';
import { clipPictures } from './clip-pictures.ts';
import { type LlavaConfig, llavaConfig } from './llava-config.ts';
import { buildLlavaVision } from './llava-vision.ts';

/** LLaVA 1.5. */
export const llava: Family<LlavaConfig> = {
  config: llavaConfig,
  layout: llavaLayout,
  decoder: llavaDecoder,
  vision: (config, tensors) => buildLlavaVision(config, tensors),
  visionOfMany: (config, tensors) => buildLlavaVision(config, tensors, 'p'),
  visionProducts: llavaVisionProducts,
  pictures(config, { preprocessor }) {
    const processor = clipProcessorConfig(preprocessor);
    const { imageSize } = config.vision;
    const [made, read] = [pictureSize(processor), `${imageSize} x ${imageSize}`];
    if (made !== read) {
      const problem = `makes pictures ${made} but the vision tower reads ${read}`;
      throw otherProcessor(preprocessor, problem);
    }
    return clipPictures(processor, config);
  },
  projector: [`${PROJECTOR}.`],
  initialSpread: llavaSpread,
  drafts: ['llava', 'llama'],
  draft: plainDraft,
};

function pictureSize({ crop, resize }: ClipProcessorConfig): string {
  const size = crop ?? (resize !== undefined && 'width' in resize ? resize : undefined);
  return size === undefined ? 'of varying size' : `${size.width} x ${size.height}`;
}
