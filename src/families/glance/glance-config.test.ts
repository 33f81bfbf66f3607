import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { configFiles } from '../testing/config-files.ts';
import { glanceConfig } from './glance-config.ts';

const SMOL = {
  hidden_size: 576,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  vocab_size: 49152,
};
const read = (fields: object = {}) =>
  glanceConfig(
    configFiles({ model_type: 'glance', image_token_id: 16, text_config: SMOL, ...fields }),
  );

describe('glanceConfig', () => {
  it('is EfficientNet-Lite0 and 24 visual tokens where nothing is said', () => {
    const { eye, imageTokens, nameTokens, gridSize, readsText } = read();
    expect(eye).toMatchObject({
      imageSize: 224,
      stemChannels: 32,
      headChannels: 1280,
      classes: 1000,
    });
    expect(eye.stages.map(({ channels }) => channels)).toEqual([16, 24, 40, 80, 112, 192, 320]);
    expect(eye.stages[eye.middleStage - 1]?.channels).toBe(112);
    expect({ imageTokens, nameTokens, gridSize, readsText }).toEqual({
      ...{ imageTokens: 24, nameTokens: 4, gridSize: 4, readsText: true },
    });
  });

  it('reads the names of what it sees in their order, where they are said', () => {
    const vision_config = { classes: 2, more_names: 1, id2label: { 2: 'c', 0: 'a', 1: 'b' } };
    expect(read({ vision_config }).names).toEqual(['a', 'b', 'c']);
    expect(read().names).toBeUndefined();
  });

  it.each([
    ['vision_config.id2label.1', { vision_config: { classes: 2, id2label: { 0: 'a' } } }],
    ['vision_config.id2label', { vision_config: { classes: 1, id2label: { 0: 'a', 1: 'b' } } }],
    ['image_token_id', { image_token_id: 49152 }],
    ['vision_config.middle_stage', { vision_config: { middle_stage: 8 } }],
    ['text_config.num_attention_heads', { text_config: { ...SMOL, num_attention_heads: 7 } }],
    ['image_token_id', { image_token_id: undefined }],
  ])('refuses by name what does not fit: %s', (field, fields) => {
    expect(() => read(fields)).toThrow(CheckpointError);
    expect(() => read(fields)).toThrow(field);
  });
});
