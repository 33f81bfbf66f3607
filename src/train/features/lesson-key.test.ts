import { describe, expect, it } from 'vitest';
import { toyModel } from '../../engine/testing/toy-model.ts';
import { lessonKey } from './lesson-key.ts';

const { model } = toyModel();
const dialogue = { ids: Int32Array.of(1, 1, 7, 8), spans: [{ start: 0, length: 2 }] };
const digests = ['aa'];
const key = lessonKey(model, dialogue, digests);

describe('lessonKey', () => {
  it('names a lesson by 64 hexadecimal digits', () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for equal content, wherever its bytes lie', () => {
    const ids = Int32Array.of(9, 1, 1, 7, 8, 9).subarray(1, 5);
    expect(lessonKey({ ...model }, { ids, spans: [{ start: 0, length: 2 }] }, ['aa'])).toBe(key);
  });

  const { files, imageProcessor, info } = model;
  const config = { ...files.config, decoder: { ...files.config.decoder, ropeTheta: 500 } };
  it.each<[string, Parameters<typeof lessonKey>]>([
    ['weights', [{ ...model, files: { ...files, fingerprint: 'other' } }, dialogue, digests]],
    ['config', [{ ...model, files: { ...files, config } }, dialogue, digests]],
    [
      'pixels',
      [{ ...model, imageProcessor: { ...imageProcessor, resample: 'lanczos' } }, dialogue, digests],
    ],
    ['device', [{ ...model, info: { ...info, device: 'webgpu' } }, dialogue, digests]],
    ['ids', [model, { ...dialogue, ids: Int32Array.of(1, 1, 7, 9) }, digests]],
    ['spans', [model, { ...dialogue, spans: [{ start: 1, length: 2 }] }, digests]],
    ['picture', [model, dialogue, ['ab']]],
  ])('depends on the %s', (_, changed) => {
    const [changedModel, changedDialogue, changedDigests] = changed;
    expect(lessonKey(changedModel, changedDialogue, changedDigests)).not.toBe(key);
  });

  it('depends on which picture comes first', () => {
    expect(lessonKey(model, dialogue, ['aa', 'bb'])).not.toBe(
      lessonKey(model, dialogue, ['bb', 'aa']),
    );
  });
});
