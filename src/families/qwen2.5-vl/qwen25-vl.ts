import { plainDecoder } from '../decoder/plain-decoder.ts';
import type { Family } from '../family.ts';
import { qwenVlPictures } from '../qwen-vl/qwen-vl-pictures.ts';
import { qwenVlProcessorOf } from '../qwen-vl/qwen-vl-processor-config.ts';
import { towerRotary } from '../qwen-vl/tower-rotary.ts';
import { type Qwen25VlConfig, qwen25VlConfig } from './qwen25-vl-config.ts';
import { qwen25VlLayout } from './qwen25-vl-tensors.ts';
import { buildQwen25Vision, qwen25VisionProducts } from './qwen25-vl-vision.ts';
import { towerWindows } from './tower-windows.ts';

export const qwen25Vl: Family<Qwen25VlConfig> = {
  config: qwen25VlConfig,
  layout: qwen25VlLayout,
  decoder: plainDecoder,
  vision: buildQwen25Vision,
  visionProducts: qwen25VisionProducts,
  pictures({ imageTokenId, vision }, { preprocessor }) {
    const processor = qwenVlProcessorOf(preprocessor, vision);
    return qwenVlPictures(processor, {
      imageTokenId,
      towerFeeds: (grid) => ({ ...towerRotary(grid, vision), ...towerWindows(grid, vision) }),
    });
  },
  projector: ['visual.merger.'],
  drafts: ['qwen2_vl', 'qwen2'],
};
