import type * as z from 'zod';
import { type DataProblem, PromptError } from '../../contracts/errors.ts';
import type { PictureLayout } from '../../contracts/image.ts';
import type { Inputs } from '../../engine/model.ts';
import { pictureSize } from '../../input/node/picture-size.ts';
import type { dataSchema } from '../settings.ts';
import type { Dialogue, Place, TokenisedDialogue } from './dialogue.ts';
import { type FileHash, readDialogues } from './read-dialogues.ts';
import { splitDialogues } from './split-dialogues.ts';
import { answeredDialogues, tokeniseAnswer } from './tokenise-answer.ts';
import { tokeniseDialogue } from './tokenise-dialogue.ts';

/** A dialogue, or the beginning that ends with one of its answers, and the same as the networks read it. */
export interface ReadDialogue {
  readonly dialogue: Dialogue;
  readonly tokens: TokenisedDialogue;
}

/** Dialogues without pictures, and with. */
export interface ByKind {
  readonly text: readonly ReadDialogue[];
  readonly visual: readonly ReadDialogue[];
}

export interface Material {
  readonly training: ByKind;
  readonly validation: ByKind;
  readonly hashes: readonly FileHash[];
  /** Records that were skipped, and dialogues that were left out as too long. */
  readonly problems: readonly DataProblem[];
  readonly tooLong: readonly Place[];
}

export type DataSettings = z.output<typeof dataSchema>;

/** How a model's dialogues are tokenised. */
type Reader = Pick<Inputs, 'tokenizer' | 'template' | 'pictures'> & {
  readonly files: Pick<Inputs['files'], 'config'>;
};

/**
 * Reads, splits and tokenises what a run learns from.
 * @throws TrainingDataError; PromptError where pictures are shown to a model that reads none, ImageError
 */
export async function readMaterial(
  { train, validation, validationShare, imageRoot, skipBad, maxTokens }: DataSettings,
  model: Reader,
  seed: number,
): Promise<Material> {
  const options = { skipBad, ...(imageRoot !== undefined && { imageRoot }) };
  const given = await readDialogues(train, options);
  const held = validation.length > 0 ? await readDialogues(validation, options) : undefined;
  const split = held
    ? { training: given.dialogues, validation: held.dialogues }
    : splitDialogues(given.dialogues, validationShare, seed);
  const tooLong: Place[] = [];
  const layoutsOf = createLayouts(model);
  const read = (dialogues: readonly Dialogue[]) =>
    byKind(dialogues, model, { layoutsOf, maxTokens, tooLong });
  return {
    training: await read(split.training),
    validation: await read(split.validation),
    hashes: [...given.hashes, ...(held?.hashes ?? [])],
    problems: [...given.problems, ...(held?.problems ?? [])],
    tooLong,
  };
}

async function byKind(
  dialogues: readonly Dialogue[],
  { tokenizer, template, files: { config } }: Reader,
  {
    layoutsOf,
    maxTokens,
    tooLong,
  }: { layoutsOf: ReturnType<typeof createLayouts>; maxTokens: number; tooLong: Place[] },
): Promise<ByKind> {
  const kinds: { text: ReadDialogue[]; visual: ReadDialogue[] } = { text: [], visual: [] };
  const reading = {
    ...{ tokenizer, template, imageTokenId: config.imageTokenId },
    maxTokens: Math.min(maxTokens, config.decoder.contextLength),
  };
  const add = (dialogue: Dialogue, tokens: ReturnType<typeof tokeniseDialogue>) => {
    if ('tooLong' in tokens) tooLong.push(dialogue.place);
    else kinds[dialogue.images.length > 0 ? 'visual' : 'text'].push({ dialogue, tokens });
  };
  for (const dialogue of dialogues) {
    const answered = answeredDialogues(dialogue, tokenizer);
    for (const one of answered) {
      add(one, tokeniseAnswer(one, { ...reading, layouts: await layoutsOf(one) }));
    }
    if (answered.length > 0) continue;
    add(dialogue, tokeniseDialogue(dialogue, { ...reading, layouts: await layoutsOf(dialogue) }));
  }
  return kinds;
}

/** What the pictures of dialogues become in the text. Files are looked at where their size matters, each once. */
function createLayouts({ pictures, files }: Pick<Reader, 'pictures' | 'files'>) {
  const known = new Map<string, PictureLayout>();
  const isFixed = files.config.imageTokens !== undefined;
  const sizeOf = (image: string) => (isFixed ? { width: 1, height: 1 } : pictureSize(image));
  return async ({ images, place }: Dialogue): Promise<PictureLayout[]> => {
    const layouts: PictureLayout[] = [];
    for (const image of images) {
      if (pictures === null) {
        const problem = 'it shows pictures, and this model reads none; leave it out.';
        throw new PromptError(`${place.file}, record ${place.index}: ${problem}`);
      }
      const layout = known.get(image) ?? pictures.layout(await sizeOf(image));
      known.set(image, layout);
      layouts.push(layout);
    }
    return layouts;
  };
}
