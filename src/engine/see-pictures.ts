import type { ImageSource } from '../contracts/image.ts';
import type { Rows } from '../contracts/rows.ts';
import { processImage } from '../input/image-processor.ts';
import type { AnswerContext } from './answer-state.ts';
import type { Ledger } from './ledger.ts';

/** A picture as the target reads it. */
export interface Picture {
  /** Digest of the pixels: equal pictures have equal embeddings. */
  readonly digest: string;
  readonly embeddings: Rows; // [imageTokens, H]
}

/** Embeddings of pictures seen lately, so that a picture that stays in the conversation is seen once. */
export type PictureCache = Map<string, Rows>;

const REMEMBERED = 16;

/** Reads the pictures and lets the tower see them, one a step; those so far if it is cancelled. */
export async function* seePictures(
  context: AnswerContext,
  sources: readonly ImageSource[],
  ledger: Ledger,
  cancelled: () => boolean,
): AsyncGenerator<never[], Picture[]> {
  const pictures: Picture[] = [];
  for (const source of sources) {
    if (cancelled()) break;
    const { value } = await ledger.time('vision', () => see(context, source));
    pictures.push(value);
    yield [];
  }
  return pictures;
}

async function see(
  { model, host, pictures }: AnswerContext,
  source: ImageSource,
): Promise<Picture> {
  const image = await host.decodeImage(source);
  const bytes = await crypto.subtle.digest('SHA-256', new Uint8Array(image.data));
  const digest = `${image.width}x${image.height}:${new Uint8Array(bytes).join('.')}`;
  const known = pictures.get(digest);
  const embeddings = known ?? (await model.see(processImage(image, model.imageProcessor)));
  remember(pictures, digest, embeddings);
  return { digest, embeddings };
}

/** Puts a picture last in line to be forgotten. */
function remember(pictures: PictureCache, digest: string, embeddings: Rows): void {
  pictures.delete(digest);
  pictures.set(digest, embeddings);
  const oldest = pictures.keys().next().value;
  if (pictures.size > REMEMBERED && oldest !== undefined) pictures.delete(oldest);
}
