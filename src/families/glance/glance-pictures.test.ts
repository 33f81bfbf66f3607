import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { floatsOf } from '../../contracts/session.ts';
import { createImageDecoder } from '../../input/node/decode-image.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { golden, readGoldens, repositoryPath } from '../../input/node/testing/read-goldens.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import { configFiles } from '../testing/config-files.ts';
import { openPictures } from '../testing/open-pictures.ts';
import { glanceConfig } from './glance-config.ts';
import { glancePictures } from './glance-pictures.ts';

const IMAGE = 16;
/** Each word a token. */
const tokenizer = {
  encode: (text: string) => Int32Array.from(text.trim().split(' '), (word) => 100 + word.length),
} as unknown as Tokenizer;
const config = glanceConfig(
  configFiles({ model_type: 'glance', image_token_id: IMAGE, text_config: {} }),
);
const preprocessor = { path: 'preprocessor_config.json', value: {} };
const reader = glancePictures(config, { preprocessor, tokenizer });

const open = async (path: string) =>
  createImageDecoder()(await readPicture(repositoryPath(path)), reader);

describe('glancePictures', () => {
  it.each(['clock', 'wide'])("makes the pixels of %s that Pillow's bicubic makes", async (name) => {
    const pixels = floatsOf(reader.feeds(await open(`fixtures/eye/${name}.png`)), 'pixels');
    const { bytes } = golden(readGoldens('fixtures/eye/goldens.safetensors'), `${name}.pixels`);
    const places = 224 ** 2;
    const own = Uint8Array.from(bytes, (_, i) => {
      return Math.round((pixels[(i % 3) * places + Math.floor(i / 3)] as number) * 128 + 127);
    });
    expect(own).toEqual(bytes);
  });

  it('shows white where a picture is transparent', async () => {
    const { data } = await open('fixtures/families/images/alpha.png');
    const hidden = await createImageDecoder()(
      await readPicture(repositoryPath('fixtures/families/images/alpha.png')),
    );
    const brighter = data.filter((value, i) => value > (hidden.data[i] as number)).length;
    const darker = data.filter((value, i) => value < (hidden.data[i] as number)).length;
    expect(brighter).toBeGreaterThan(100);
    expect(darker).toBe(0);
  });

  it('says a sentence around two names, then the grid', () => {
    const { ids } = reader.layout({ width: 3, height: 4 });
    const runs = ids.map((id) => (id === IMAGE ? 'v' : 'w')).join('');
    expect(runs).toBe(`${'w'.repeat(6)}vvvvwwvvvvw${'v'.repeat(16)}w`);
  });

  it('names what was seen in tokens, as many as it has room for, where the model has names', () => {
    expect(reader.named).toBeUndefined();
    const names = ['a cat', 'one of the five longest names'];
    const named = glancePictures({ ...config, names }, { preprocessor, tokenizer }).named?.(
      Int32Array.of(1, 0),
    );
    expect(named).toEqual([Int32Array.of(103, 102, 103, 104), Int32Array.of(101, 103)]);
  });

  it('refuses files of pictures of another size', async () => {
    const opening = openPictures('glance', { size: { height: 64, width: 64 } });
    await expect(opening).rejects.toThrow(CheckpointError);
    await expect(opening).rejects.toThrow(/64 x 64 but the eye reads 32 x 32/);
  });
});
