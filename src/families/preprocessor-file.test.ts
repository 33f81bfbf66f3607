import { describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { readInput } from '../engine/load/load-model.ts';
import { repositoryPath } from '../input/node/testing/read-goldens.ts';
import { readTarget, type TargetFiles } from './read-target.ts';

const host = { now: () => new Date(0) };
const read = (name: string) => readTarget(modelFolder(repositoryPath(`fixtures/families/${name}`)));
const next = await read('llava-next');
const smolvlm = await read('smolvlm');

/** Opens a folder whose preprocessor_config.json says something else. */
function open(files: TargetFiles, fields: object) {
  const { path, value } = files.preprocessor;
  const preprocessor = { path, value: { ...Object(value), ...fields } };
  return readInput(host, { ...files, preprocessor }, 'dir');
}

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
