import type { GenerateOptions } from '../../src/contracts/generate.ts';
import type { PictureLayout } from '../../src/contracts/image.ts';
import { embedPicture } from '../../src/engine/answer/embed-pictures.ts';
import { type PreparedPrompt, readPrompt } from '../../src/engine/answer/read-prompt.ts';
import { resolveOptions } from '../../src/engine/answer/resolve-options.ts';
import { readPictures } from '../../src/engine/border/read-pictures.ts';
import { readPicture } from '../../src/input/node/read-picture.ts';
import type { OpenModel } from './lab.ts';

/** A request's prompt with its pictures, as the engine would read it. */
export async function prepareRequest(
  { host, model }: Pick<OpenModel, 'host' | 'model'>,
  options: GenerateOptions,
): Promise<PreparedPrompt> {
  const request = await readPictures(resolveOptions(options), readPicture);
  const pictures: PreparedPrompt['pictures'][number][] = [];
  const layouts: PictureLayout[] = [];
  for (const [index, file] of request.images.entries()) {
    const image = await host.decodeImage(file);
    if (model.pictures) layouts.push(model.pictures.layout(image));
    pictures.push({ digest: String(index), embeddings: await embedPicture(model, image) });
  }
  return { ...readPrompt(model, request, layouts), pictures };
}
