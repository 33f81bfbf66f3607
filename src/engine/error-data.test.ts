import { describe, expect, it } from 'vitest';
import * as errors from '../contracts/errors.ts';
import { fromErrorData, toErrorData } from './error-data.ts';

const across = (error: unknown) => fromErrorData(structuredClone(toErrorData(error)));

const examples: readonly errors.MsdError[] = [
  new errors.GraphError('A graph.'),
  new errors.CheckpointError('/a', 'is broken.'),
  new errors.TensorsError('/a', { missing: ['x'], unexpected: [], misshapen: ['y'] }),
  new errors.NonFiniteWeightError('/a', 'x'),
  new errors.UnknownFamilyError('/a', 'gpt', ['llava']),
  new errors.DraftMismatchError('hidden size', 1, 2),
  new errors.DrafterUnavailableError('msd', 'no draft.'),
  new errors.DeviceError('webgpu', 'none here.'),
  new errors.ImageError('x.png', 'no picture.'),
  new errors.TokenizerError('A tokenizer.'),
  new errors.ChatTemplateError('A template.'),
  new errors.UnsupportedTemplateError('lipsum()', 3),
  new errors.PromptError('A prompt.'),
  new errors.PlaceholderError(1, 2),
  new errors.ContextLengthError(9, 8),
  new errors.OptionError('seed', 'is odd.'),
  new errors.DisposedError('model'),
  new errors.NonFiniteFeatureError('A pass.'),
  new errors.EngineLostError('code 1'),
  new errors.ConfigError('optimiser.rate', 'must be positive.'),
  new errors.RunFolderError('/run', 'is no run.'),
  new errors.RunLockedError('/run/run.lock', 7, 'here'),
  new errors.RunMismatchError('/run', ['seed'], ['seed (was 1, is 2)']),
  new errors.DiskFullError('/run/metrics.jsonl', 9, '/run/checkpoints/step-000001'),
  new errors.TrainingDivergedError(3, 'the loss is NaN', undefined, [{ file: 'a', index: 1 }]),
  new errors.TrainingDataError([{ file: '/a', index: 3, reason: 'it is empty' }], 2),
  new errors.UnsupportedDraftError('/a', 'EAGLE-3', 'is another method'),
  new errors.ModelNotFoundError('/a', 'there is no such folder.'),
  new errors.GatedModelError('a/b', 403, 'https://hub/a/b'),
  new errors.MissingModelError('a/b', 'it is not there.'),
  new errors.HubTransferError('https://hub/a', 'it ends early.'),
  new errors.DamagedDownloadError('a/b', 'c.json', 'is too short'),
  new errors.DiskSpaceError('/a', 'its files', 9, 8, 'use another.'),
  new errors.ModelBusyError('a/b', 7, 'here', '/lock'),
  new errors.MemoryError('/a', { weights: 9 }, 8, 'use a smaller one.'),
];

describe('an error that crosses to another thread', () => {
  it.each(examples.map((error) => [error.name, error] as const))('is the same %s', (_, error) => {
    const there = across(error);
    expect(there).toBeInstanceOf(error.constructor);
    expect(errors.MsdError.is(there)).toBe(true);
    expect(there.stack).toBe(error.stack);
    expect({ ...there, name: there.name, message: there.message }).toEqual({
      ...error,
      name: error.name,
      message: error.message,
    });
  });

  it('is tested for every class', () => {
    const tested = new Set(examples.map(({ name }) => name));
    const classes = Object.keys(errors).filter((name) => name !== 'MsdError');
    expect(classes.filter((name) => !tested.has(name))).toEqual([]);
  });

  it('keeps its causes', () => {
    const cause = new TypeError('deep');
    const there = across(new errors.ImageError('x.png', 'no picture.', { cause }));
    expect(there.cause).toMatchObject({ name: 'TypeError', message: 'deep' });
  });

  it('may be a bug, or no error at all', () => {
    expect(across(new RangeError('far'))).toMatchObject({ name: 'RangeError', message: 'far' });
    expect(across('plain text').message).toBe('plain text');
  });
});
