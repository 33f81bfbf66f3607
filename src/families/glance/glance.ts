import { plainDecoder } from '../decoder/plain-decoder.ts';
import { plainDraft } from '../decoder/plain-draft.ts';
import type { Family } from '../family.ts';
import { type GlanceConfig, glanceConfig } from './glance-config.ts';
import { glancePictures } from './glance-pictures.ts';
import { glanceLayout } from './glance-tensors.ts';
import { buildGlanceVision, glanceVisionProducts } from './glance-vision.ts';

/** A small eye that names what it sees, and a Llama. */
export const glance: Family<GlanceConfig> = {
  config: glanceConfig,
  layout: glanceLayout,
  decoder: plainDecoder,
  vision: (config, tensors) => buildGlanceVision(config, tensors),
  visionOfMany: (config, tensors) => buildGlanceVision(config, tensors, 'p'),
  visionProducts: glanceVisionProducts,
  pictures: glancePictures,
  projector: ['names.', 'grid.'],
  drafts: ['glance', 'llama'],
  draft: plainDraft,
};
