import { expect, it } from 'vitest';
import { SOURCE_HASH } from '../../src/formats/forms/w8a8/panel-kernel-code.ts';
import { sourceHash } from './source-hash.ts';

it('compiled code is of the source as it stands; else run npm run make:panel-kernel', () => {
  expect(SOURCE_HASH).toBe(sourceHash());
});
