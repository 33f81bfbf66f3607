import * as z from 'zod';

/** Schemas of pictures' sources that are no text. */
export const IMAGE_OBJECTS = [
  z.instanceof(URL),
  z.instanceof(Uint8Array),
  z.instanceof(ArrayBuffer),
  z.instanceof(Blob),
] as const;
