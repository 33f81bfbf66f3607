/** The records that the reference training runs read, found by kind and index as those runs name them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Item = readonly [kind: 'v' | 't', index: number];

export interface SliceRecord {
  readonly image?: string;
  readonly conversations: readonly { readonly from: 'human' | 'gpt'; readonly value: string }[];
}

const path = (name: string) =>
  fileURLToPath(new URL(`../../../../fixtures/tiny/${name}`, import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(path(name), 'utf8'));

export const sliceFiles = {
  v: path('train-slice/train_visual.json'),
  t: path('train-slice/train_text.json'),
};

/** Per kind the records of the slice, and their indices in the whole data. */
const records: Record<Item[0], SliceRecord[]> = {
  v: json('train-slice/train_visual.json'),
  t: json('train-slice/train_text.json'),
};
const indices: Record<Item[0], number[]> = json('train-slice/index.json');

/** Where the item stands in its file of the slice. */
export function positionInSlice([kind, index]: Item): number {
  const position = indices[kind].indexOf(index);
  if (position < 0) throw new Error(`the slice holds no ${kind}${index}`);
  return position;
}

export function sliceRecord(item: Item): SliceRecord {
  return records[item[0]][positionInSlice(item)] as SliceRecord;
}

/** What the reference runs wrote down of a step. */
interface CurveStep {
  readonly items: readonly Item[];
  readonly loss: number;
  readonly grad_norm: number;
}

/** 50 steps of 8 dialogues of the draft. */
export const draftCurve: {
  steps: (CurveStep & {
    readonly tokens: number;
    readonly vloss: number;
    readonly ploss: number;
  })[];
} = json('train/draft_curve.json');

/** 500 steps of 32 dialogues of the target; the items of the first 30 are known. */
export const targetCurve: { steps: (CurveStep & { readonly lr: number })[] } =
  json('train/target_curve.json');
