import { expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { openPictures } from '../testing/open-pictures.ts';

it('a SmolVLM refuses an image processor whose tiles its tower would not read', async () => {
  const opening = openPictures('smolvlm', { max_image_size: { longest_edge: 32 } });
  await expect(opening).rejects.toBeInstanceOf(CheckpointError);
  await expect(opening).rejects.toThrow(
    /preprocessor_config.json: .* 32 pixels but .* reads 64; use the files of one/,
  );
});
