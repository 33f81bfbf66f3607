import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { realPlace } from './real-place.ts';

it('follows links, above what is not there too', async () => {
  const folder = realpathSync(tempFolder());
  mkdirSync(join(folder, 'models'));
  symlinkSync('models', join(folder, 'link'));
  expect(await realPlace(join(folder, 'link'))).toBe(join(folder, 'models'));
  expect(await realPlace(join(folder, 'link/a/b'))).toBe(join(folder, 'models/a/b'));
});
