import { toyPicture } from './toy-model.ts';

/** What a page asks its toy. */
export const PAGE_REQUEST = {
  prompt: 'abcabd',
  images: [toyPicture('x')] as (Uint8Array | Blob)[],
  maxTokens: 60,
  ignoreEos: true,
};
