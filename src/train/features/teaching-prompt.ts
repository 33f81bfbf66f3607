/** A dialogue as passes of the target read it. */
import { createHash } from 'node:crypto';
import { PromptError } from '../../contracts/errors.ts';
import type { DecodeImage } from '../../contracts/image.ts';
import type { SeenPicture } from '../../contracts/rows.ts';
import type { Forward } from '../../contracts/target.ts';
import { chunkStep } from '../../engine/answer/chunk-step.ts';
import { embedPicture } from '../../engine/answer/embed-pictures.ts';
import type { PreparedPrompt } from '../../engine/answer/read-prompt.ts';
import type { Model } from '../../engine/model.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { consecutive } from '../../model/consecutive.ts';
import { pieceRows } from '../../model/lane-groups.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import { featureKey } from './feature-key.ts';

export type TeachingModel = Pick<Model, 'target' | 'embed' | 'pictures' | 'files' | 'info'>;

/**
 * What caches call what the target makes of a dialogue, and SHA-256 of its pictures' files.
 * @throws PromptError if the dialogue isn't tokenised for this target; ImageError
 */
export async function identify(
  model: TeachingModel,
  dialogue: TokenisedDialogue,
): Promise<{ key: string; digests: readonly string[] }> {
  checkDialogue(dialogue, model);
  const digests = await Promise.all(dialogue.images.map(digestOf));
  return { key: featureKey(model, dialogue, digests), digests };
}

async function digestOf(image: string): Promise<string> {
  const { bytes } = await readPicture(image);
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a pass reads of a prompt. */
type Readable = Pick<PreparedPrompt, 'ids' | 'spans' | 'pictures' | 'positions'>;

/**
 * The dialogue with its pictures as the target reads them.
 * @throws PromptError where a picture has not as many placeholders as embeddings; ImageError
 */
export async function withPictures(
  model: TeachingModel,
  decodeImage: DecodeImage,
  dialogue: TokenisedDialogue,
  digests: readonly string[],
): Promise<TokenisedDialogue & Readable> {
  const pictures = await embedAll(model, decodeImage, dialogue.images, digests);
  checkPlaceholders(dialogue, pictures);
  return { ...dialogue, pictures };
}

/** How a dialogue is read. */
interface Chunks {
  /** Rows of a pass at most. Default: as many as serving would take. */
  readonly most?: number;
  /** Rows whose likely tokens are wanted, counted in the pass. Default: the last one alone. */
  readonly headsOf?: (from: number, rows: number) => Int32Array;
  /** Told of each pass before its rows are committed. */
  readonly onPass: (forward: Forward, from: number) => Promise<void> | void;
}

/** Reads a whole dialogue, chunk by chunk. */
export async function readChunks(
  { target }: Pick<Model, 'target'>,
  prompt: Readable,
  { most, headsOf, onPass }: Chunks,
): Promise<void> {
  const total = prompt.ids.length;
  const sequence = target.open();
  try {
    for (let from = 0; from < total; ) {
      const to = from + pieceRows(from, total - from, most);
      const heads = headsOf?.(from, to - from);
      const step = { ...chunkStep(sequence, prompt, from, to), ...(heads && { heads }) };
      const [forward] = (await target.forward([step])) as [Forward];
      if (forward.fault !== undefined) throw forward.fault;
      await onPass(forward, from);
      if (to < total) sequence.commit(forward, consecutive(to - from));
      from = to;
    }
  } finally {
    sequence.dispose();
  }
}

/** The pictures as the target reads them; one that stands twice is seen once. */
async function embedAll(
  model: TeachingModel,
  decodeImage: DecodeImage,
  images: readonly string[],
  digests: readonly string[],
): Promise<PreparedPrompt['pictures']> {
  const seen = new Map<string, SeenPicture>();
  const pictures: PreparedPrompt['pictures'][number][] = [];
  for (const [index, image] of images.entries()) {
    const digest = digests[index] as string;
    const known = seen.get(digest);
    const embeddings = known ?? (await seePicture(model, decodeImage, image));
    seen.set(digest, embeddings);
    pictures.push({ digest, embeddings });
  }
  return pictures;
}

/** A picture as the target's answers see it. */
export async function seePicture(
  model: Pick<TeachingModel, 'embed' | 'pictures'>,
  decodeImage: DecodeImage,
  image: string,
): Promise<SeenPicture> {
  const ground = model.pictures ?? undefined;
  return embedPicture(model, await decodeImage(await readPicture(image), ground));
}

/** @throws PromptError where the dialogue was not tokenised for this target */
function checkDialogue(dialogue: TokenisedDialogue, { target }: TeachingModel): void {
  const { ids, spans, images } = dialogue;
  const shown = new Set(spans.map(({ picture }) => picture)).size;
  if (shown !== images.length) {
    throw misfit(
      dialogue,
      `it has placeholders of ${shown} pictures for ${images.length} pictures`,
    );
  }
  if (ids.length > target.contextLength) {
    const problem = `it has ${ids.length} tokens but the target reads at most ${target.contextLength}`;
    throw misfit(dialogue, problem);
  }
}

/** @throws PromptError where a picture has not as many placeholders as embeddings */
function checkPlaceholders(
  dialogue: TokenisedDialogue,
  pictures: PreparedPrompt['pictures'],
): void {
  for (const [index, { embeddings }] of pictures.entries()) {
    const own = dialogue.spans.filter(({ picture }) => picture === index);
    const count = own.reduce((sum, { length }) => sum + length, 0);
    if (count === embeddings.count) continue;
    const problem = `a picture has ${count} placeholders but the target reads ${embeddings.count}`;
    throw misfit(dialogue, problem);
  }
}

const misfit = ({ place: { file, index } }: TokenisedDialogue, problem: string): PromptError =>
  new PromptError(`${file}, record ${index}: ${problem}; tokenise it for this target, or drop it.`);
