/** From rendered text to what the model reads, for prompts and for the dialogues of training alike. */
import { PlaceholderError } from '../contracts/errors.ts';
import type { PictureLayout } from '../contracts/image.ts';
import type { PictureSpan, PromptIds } from '../contracts/messages.ts';
import type { GuardedText } from './render-guarded.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Spellings that stay text where someone typed them. */
export function specialSpellings(tokenizer: Tokenizer, imageTokenId: number | undefined): string[] {
  const imageToken = imageTokenId === undefined ? undefined : tokenizer.tokenText(imageTokenId);
  return [...tokenizer.specialTokens, ...(imageToken === undefined ? [] : [imageToken])];
}

/**
 * Ids with one placeholder per picture. The tokenizer's own BOS is added as Hugging Face does: its tokenizers leave a
 * rendered chat as it is, its processors, of models that read pictures, add BOS where the template did not write it.
 */
export function encodeRendered(
  tokenizer: Tokenizer,
  { guarded, guard }: Pick<GuardedText, 'guarded' | 'guard'>,
  readsPictures: boolean,
): Int32Array {
  const bos = tokenizer.namedTokens.bos_token;
  const addSpecialTokens = readsPictures && (bos === undefined || !guarded.startsWith(bos));
  return tokenizer.encode(guarded, { addSpecialTokens, guard });
}

/** What a picture becomes whose embeddings are all in one run. */
export const runLayout = (imageTokenId: number, count: number): PictureLayout => ({
  ids: Array<number>(count).fill(imageTokenId),
});

/**
 * Each placeholder becomes the ids that its picture's layout gives. Throws PlaceholderError unless there is one
 * placeholder per picture.
 */
export function widenPlaceholders(
  rendered: Int32Array, // [m]
  imageTokenId: number | undefined,
  layouts: readonly Pick<PictureLayout, 'ids'>[], // [pictures]
): Pick<PromptIds, 'ids' | 'spans'> {
  const placeholders = rendered.filter((id) => id === imageTokenId).length;
  if (placeholders !== layouts.length) throw new PlaceholderError(placeholders, layouts.length);
  const ids: number[] = [];
  const spans: PictureSpan[] = [];
  let picture = 0;
  for (const id of rendered) {
    if (id !== imageTokenId) {
      ids.push(id);
      continue;
    }
    const layout = layouts[picture] as PictureLayout;
    spans.push(...runsOf(layout.ids, imageTokenId, ids.length, picture));
    for (const each of layout.ids) ids.push(each);
    picture++;
  }
  return { ids: Int32Array.from(ids), spans };
}

/** The runs of image tokens in a picture's ids, which begin at place `at` of the text. */
function runsOf(
  ids: readonly number[],
  imageTokenId: number,
  at: number,
  picture: number,
): PictureSpan[] {
  const runs: PictureSpan[] = [];
  let row = 0;
  for (let first = 0; first < ids.length; first++) {
    if (ids[first] !== imageTokenId) continue;
    let length = 1;
    while (ids[first + length] === imageTokenId) length++;
    runs.push({ start: at + first, length, picture, row });
    row += length;
    first += length;
  }
  return runs;
}
