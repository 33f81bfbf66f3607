import { PromptError } from '../../contracts/errors.ts';
import type { PictureFile, PictureReader, RgbImage } from '../../contracts/image.ts';
import { type Asking, askHost, askTower } from '../../contracts/need.ts';
import type { SeenPicture } from '../../contracts/rows.ts';
import type { AnswerContext } from './answer-state.ts';
import { digestOf } from './digest.ts';
import type { OpenPicture, Picture } from './picture.ts';

/**
 * Decodes the pictures of a request, but for those seen lately: their sizes say how much of the prompt they take. Those
 * so far if it is cancelled.
 * @throws PromptError where the model reads no pictures, ImageError
 */
export function* openPictures(
  { model, host, pictures: known }: AnswerContext,
  files: readonly PictureFile[],
  cancelled: () => boolean,
): Asking<OpenPicture[]> {
  const opened: OpenPicture[] = [];
  if (files.length === 0) return opened;
  const pictures = readerOf(model);
  for (const file of files) {
    if (cancelled()) break;
    const picture = yield* askHost(async (): Promise<OpenPicture> => {
      const name = await digestOf(file.bytes);
      const seen = known.ofFile(name);
      if (seen !== undefined) return seen;
      const image = await host.decodeImage(file, pictures);
      const { width, height, data } = image;
      const digest = `${width}x${height}:${await digestOf(data)}`;
      const layout = pictures.layout(image);
      known.rememberFile(name, { digest, layout });
      return { image, digest, layout };
    });
    opened.push(picture);
  }
  return opened;
}

/**
 * Lets the tower see the pictures; those so far if it is cancelled. They are taken out of `opened` one by one, so that
 * the pixels of a picture are let go once it is embedded.
 */
export function* embedPictures(
  { model, pictures: known }: AnswerContext,
  opened: OpenPicture[],
  cancelled: () => boolean,
): Asking<Picture[]> {
  const pictures: Picture[] = [];
  while (!cancelled()) {
    const picture = opened.shift();
    if (picture === undefined) break;
    const { digest } = picture;
    const embeddings =
      'embeddings' in picture
        ? picture.embeddings
        : (known.get(digest) ?? (yield* askTower(readerOf(model).feeds(picture.image))));
    known.remember(digest, embeddings);
    pictures.push({ digest, embeddings });
  }
  return pictures;
}

/** Names of what the pictures show: the likeliest of each, then the next. */
export function namesIn(pictures: readonly Pick<Picture, 'embeddings'>[]): Int32Array[] {
  const named = pictures.map(({ embeddings }) => embeddings.named ?? []);
  const most = Math.max(0, ...named.map(({ length }) => length));
  return Array.from({ length: most }, (_, rank) =>
    named.flatMap((names) => names[rank] ?? []),
  ).flat();
}

/** A picture's embeddings. */
export async function embedPicture(
  model: Pick<AnswerContext['model'], 'pictures' | 'embed'>,
  image: RgbImage,
): Promise<SeenPicture> {
  return model.embed(readerOf(model).feeds(image));
}

function readerOf({ pictures }: Pick<AnswerContext['model'], 'pictures'>): PictureReader {
  if (pictures !== null) return pictures;
  throw new PromptError('This model reads no pictures; ask without one, or use a vision model.');
}
