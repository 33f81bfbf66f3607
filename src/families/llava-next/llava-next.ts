import type { Family } from '../family.ts';
import { llavaSpread } from '../llava-parts/llava-spread.ts';
import { llavaDecoder, PROJECTOR } from '../llava-parts/llava-tensors.ts';
import { llavaVisionProducts } from '../llava-parts/visual-embeddings.ts';
import { otherProcessor } from '../preprocessor-file.ts';
import { type LlavaNextConfig, llavaNextConfig } from './llava-next-config.ts';
import { llavaNextPictures } from './llava-next-pictures.ts';
import { llavaNextProcessorConfig } from './llava-next-processor-config.ts';
import { llavaNextLayout, NEWLINE } from './llava-next-tensors.ts';
import { buildLlavaNextVision } from './llava-next-vision.ts';

/** LLaVA 1.6 (LLaVA-NeXT). */
export const llavaNext: Family<LlavaNextConfig> = {
  config: llavaNextConfig,
  layout: llavaNextLayout,
  decoder: llavaDecoder,
  vision: buildLlavaNextVision,
  visionProducts: llavaVisionProducts,
  pictures(config, { preprocessor }) {
    const { vision, pinpoints } = config;
    const processor = llavaNextProcessorConfig(preprocessor);
    const { wholeSide, tile } = processor;
    if ([wholeSide, tile.width, tile.height].some((side) => side !== vision.imageSize)) {
      const made = `makes pictures of side ${wholeSide} and tiles ${tile.width} x ${tile.height}`;
      const read = `the vision tower reads sides of ${vision.imageSize}`;
      throw otherProcessor(preprocessor, `${made} but ${read}`);
    }
    const [made, counted] = [sizes(processor.pinpoints), sizes(pinpoints)];
    if (made !== counted) {
      const problem = `fits pictures into ${made} but config.json counts by ${counted}`;
      throw otherProcessor(preprocessor, problem);
    }
    return llavaNextPictures(processor, config);
  },
  projector: [`${PROJECTOR}.`, NEWLINE],
  initialSpread: llavaSpread,
  drafts: ['llava', 'llama'],
};

const sizes = (pinpoints: LlavaNextConfig['pinpoints']) =>
  pinpoints.map(({ height, width }) => `${height} x ${width}`).join(', ');
