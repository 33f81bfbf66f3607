import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import type { TargetFiles } from '../host.ts';
import { createNodeHost } from '../node/node-host.ts';
import { readInput } from './load-model.ts';

const host = await createNodeHost({ model: '', draft: null, device: 'cpu', threads: 1 });
const next = await host.readTarget(repositoryPath('fixtures/families/llava-next'));
const smolvlm = await host.readTarget(repositoryPath('fixtures/families/smolvlm'));

const preprocessor = ({ preprocessorConfig }: TargetFiles) => preprocessorConfig as object;
/** Opens a folder whose preprocessor_config.json says something else. */
const open = (files: TargetFiles, fields: object) =>
  readInput(host, { ...files, preprocessorConfig: { ...preprocessor(files), ...fields } }, 'dir');

describe('pictures that another model would read', () => {
  it.each<[string, TargetFiles, object, RegExp]>([
    ['a whole picture', next, { size: { shortest_edge: 42 } }, /side 42.*sides of 56/],
    ['tiles', next, { crop_size: { height: 56, width: 42 } }, /42 x 56.*sides of 56/],
    ['sizes to fit into', next, { image_grid_pinpoints: [[56, 112]] }, /56 x 112 but config/],
    ['split tiles', smolvlm, { max_image_size: { longest_edge: 32 } }, /32 pixels.*reads 64/],
  ])('of SmolVLM or LLaVA 1.6 are refused: %s', (_, files, fields, problem) => {
    expect(() => open(files, fields)).toThrow(CheckpointError);
    expect(() => open(files, fields)).toThrow(problem);
  });
});
