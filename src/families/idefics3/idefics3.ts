import { plainDraft } from '../decoder/plain-draft.ts';
import type { Family } from '../family.ts';
import { otherProcessor } from '../preprocessor-file.ts';
import { type Idefics3Config, idefics3Config } from './idefics3-config.ts';
import { idefics3Pictures } from './idefics3-pictures.ts';
import { idefics3ProcessorConfig } from './idefics3-processor-config.ts';
import { idefics3Decoder, idefics3Layout } from './idefics3-tensors.ts';
import { buildIdefics3Vision, idefics3VisionProducts, tileTokens } from './idefics3-vision.ts';

/** Idefics3 and SmolVLM: a SigLIP tower over tiles, and a Llama. */
export const idefics3: Family<Idefics3Config> = {
  config: idefics3Config,
  layout: idefics3Layout,
  decoder: idefics3Decoder,
  vision: buildIdefics3Vision,
  visionOfMany: buildIdefics3Vision,
  visionProducts: idefics3VisionProducts,
  pictures(config, { preprocessor, tokenizer }) {
    const processor = idefics3ProcessorConfig(preprocessor);
    const { imageTokenId, vision } = config;
    if (processor.tileSide !== vision.imageSize) {
      const made = `makes tiles of ${processor.tileSide} pixels`;
      throw otherProcessor(preprocessor, `${made} but the vision tower reads ${vision.imageSize}`);
    }
    return idefics3Pictures(processor, tokenizer, { imageTokenId, tileTokens: tileTokens(config) });
  },
  projector: ['model.connector.'],
  drafts: ['idefics3', 'llama'],
  draft: plainDraft,
};
