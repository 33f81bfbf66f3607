import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { openPictures } from '../testing/open-pictures.ts';

describe('a LLaVA 1.6 refuses an image processor', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['whole pictures', { size: { shortest_edge: 42 } }, /side 42.*sides of 56/],
    ['tiles', { crop_size: { height: 56, width: 42 } }, /42 x 56.*sides of 56/],
    ['sizes to fit into', { image_grid_pinpoints: [[56, 112]] }, /56 x 112 but config/],
  ])('of other %s', async (_, fields, problem) => {
    const opening = openPictures('llava-next', fields);
    await expect(opening).rejects.toBeInstanceOf(CheckpointError);
    await expect(opening).rejects.toThrow(problem);
  });
});
