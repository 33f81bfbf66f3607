import { PromptError } from '../../contracts/errors.ts';
import type { PictureFile, PictureReader, RgbImage } from '../../contracts/image.ts';
import type { Rows } from '../../contracts/rows.ts';
import type { AnswerContext } from './answer-state.ts';
import type { Ledger } from './ledger.ts';
import type { OpenPicture, Picture, PictureCache } from './picture.ts';

const REMEMBERED = 16;

/**
 * Decodes the pictures of a request, one a step: their sizes say how much of the prompt they take. Those so far if it is
 * cancelled.
 * @throws PromptError where the model reads no pictures, ImageError
 */
export async function* openPictures(
  { model, host }: AnswerContext,
  files: readonly PictureFile[],
  ledger: Ledger,
  cancelled: () => boolean,
): AsyncGenerator<never[], OpenPicture[]> {
  const opened: OpenPicture[] = [];
  if (files.length === 0) return opened;
  const pictures = readerOf(model);
  for (const file of files) {
    if (cancelled()) break;
    const { value } = await ledger.time('vision', async () => {
      const image = await host.decodeImage(file);
      return { image, digest: await digestOf(image), layout: pictures.layout(image) };
    });
    opened.push(value);
    yield [];
  }
  return opened;
}

/** Lets the tower see the pictures, one a step; those so far if it is cancelled. */
export async function* seePictures(
  context: AnswerContext,
  opened: readonly OpenPicture[],
  ledger: Ledger,
  cancelled: () => boolean,
): AsyncGenerator<never[], Picture[]> {
  const pictures: Picture[] = [];
  for (const picture of opened) {
    if (cancelled()) break;
    const { value } = await ledger.time('vision', () => see(context, picture));
    pictures.push(value);
    yield [];
  }
  return pictures;
}

async function see(
  { model, pictures }: AnswerContext,
  { image, digest }: OpenPicture,
): Promise<Picture> {
  const embeddings = pictures.get(digest) ?? (await look(model, image));
  remember(pictures, digest, embeddings);
  return { digest, embeddings };
}

/** A picture's embeddings. */
export async function look(
  model: Pick<AnswerContext['model'], 'pictures' | 'see'>,
  image: RgbImage,
): Promise<Rows> {
  return model.see(readerOf(model).feeds(image));
}

function readerOf({ pictures }: Pick<AnswerContext['model'], 'pictures'>): PictureReader {
  if (pictures !== null) return pictures;
  throw new PromptError('This model reads no pictures; ask without one, or use a vision model.');
}

async function digestOf({ data, width, height }: RgbImage): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new Uint8Array(data));
  return `${width}x${height}:${new Uint8Array(bytes).join('.')}`;
}

/** Puts a picture last in line to be forgotten. */
function remember(pictures: PictureCache, digest: string, embeddings: Rows): void {
  pictures.delete(digest);
  pictures.set(digest, embeddings);
  const oldest = pictures.keys().next().value;
  if (pictures.size > REMEMBERED && oldest !== undefined) pictures.delete(oldest);
}
