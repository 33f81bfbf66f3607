/** A trained pair, quick and small: coloured shapes are all that it knows. Tools outside of tests use it, too. */
import { fileURLToPath } from 'node:url';
import type { LoadOptions } from '../../contracts/load.ts';

const folder = (name: string) =>
  fileURLToPath(new URL(`../../../models/tiny/${name}`, import.meta.url));

export const TINY_TARGET = folder('target');
export const TINY_DRAFT = folder('draft');
export const TINY_PAIR = { model: TINY_TARGET, draft: TINY_DRAFT };

/** The options, of this pair where they name no model. */
export const orTiny = <O extends LoadOptions>(options: O): O & LoadOptions =>
  options.model === undefined ? { ...TINY_PAIR, ...options } : options;
