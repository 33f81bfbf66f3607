import { describe, expect, it } from 'vitest';
import { toyModel } from '../../engine/testing/toy-model.ts';
import { featureKey } from './feature-key.ts';

const { model } = toyModel();
const span = { start: 0, length: 2, picture: 0, row: 0 };
const dialogue = { ids: Int32Array.of(1, 1, 7, 8), spans: [span] };
const digests = ['aa'];
const key = featureKey(model, dialogue, digests);

describe('featureKey', () => {
  it('names feature rows by 64 hexadecimal digits', () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for equal content, wherever its bytes lie', () => {
    const ids = Int32Array.of(9, 1, 1, 7, 8, 9).subarray(1, 5);
    expect(featureKey({ ...model }, { ids, spans: [{ ...span }] }, ['aa'])).toBe(key);
  });

  const { files, info } = model;
  const preprocessor = { path: 'toy', value: { resample: 1 } };
  const config = { ...files.config, decoder: { ...files.config.decoder, ropeTheta: 500 } };
  it.each<[string, Parameters<typeof featureKey>]>([
    ['weights', [{ ...model, files: { ...files, fingerprint: 'other' } }, dialogue, digests]],
    ['config', [{ ...model, files: { ...files, config } }, dialogue, digests]],
    ['pixels', [{ ...model, files: { ...files, preprocessor } }, dialogue, digests]],
    ['device', [{ ...model, info: { ...info, device: 'webgpu' } }, dialogue, digests]],
    ['ids', [model, { ...dialogue, ids: Int32Array.of(1, 1, 7, 9) }, digests]],
    ['spans', [model, { ...dialogue, spans: [{ ...span, start: 1 }] }, digests]],
    ['picture', [model, dialogue, ['ab']]],
  ])('depends on the %s', (_, changed) => {
    const [changedModel, changedDialogue, changedDigests] = changed;
    expect(featureKey(changedModel, changedDialogue, changedDigests)).not.toBe(key);
  });

  it('depends on which picture comes first', () => {
    expect(featureKey(model, dialogue, ['aa', 'bb'])).not.toBe(
      featureKey(model, dialogue, ['bb', 'aa']),
    );
  });
});
