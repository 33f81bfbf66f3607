import { plainDecoder } from '../decoder/plain-decoder.ts';
import type { Family } from '../family.ts';
import { qwenVlPictures } from '../qwen-vl/qwen-vl-pictures.ts';
import { qwenVlProcessorOf } from '../qwen-vl/qwen-vl-processor-config.ts';
import { towerRotary } from '../qwen-vl/tower-rotary.ts';
import { type Qwen2VlConfig, qwen2VlConfig } from './qwen2-vl-config.ts';
import { qwen2VlDraft } from './qwen2-vl-draft.ts';
import { qwen2VlLayout } from './qwen2-vl-tensors.ts';
import { buildQwen2Vision, qwen2VisionProducts } from './qwen2-vl-vision.ts';

export const qwen2Vl: Family<Qwen2VlConfig> = {
  config: qwen2VlConfig,
  layout: qwen2VlLayout,
  decoder: plainDecoder,
  vision: buildQwen2Vision,
  visionProducts: qwen2VisionProducts,
  pictures({ imageTokenId, vision }, { preprocessor }) {
    const processor = qwenVlProcessorOf(preprocessor, vision);
    return qwenVlPictures(processor, {
      imageTokenId,
      towerFeeds: (grid) => towerRotary(grid, vision),
    });
  },
  projector: ['visual.merger.'],
  drafts: ['qwen2_vl', 'qwen2'],
  draft: qwen2VlDraft,
};
