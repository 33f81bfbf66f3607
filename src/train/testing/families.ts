import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { orTiny } from '../../checkpoint/testing/folders.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import type { LoadOptions } from '../../contracts/load.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';
import { readMetrics } from '../run/metrics.ts';
import type { ValidationRecord } from '../run/records.ts';
import { runTraining } from '../run-training.ts';
import type { Training } from '../training.ts';

/** The small checkpoint of each family. */
const FOLDERS = {
  llava: 'llava-gqa',
  llava_next: 'llava-next',
  smolvlm: 'smolvlm',
  qwen2_vl: 'qwen2-vl',
  qwen2_5_vl: 'qwen2.5-vl',
  llama: 'text/llama3',
  qwen2: 'text/qwen2',
  glance: 'glance',
} as const;
export type FamilyName = keyof typeof FOLDERS;
export const FAMILIES = Object.keys(FOLDERS) as FamilyName[];

export const folderOf = (family: FamilyName): string =>
  repositoryPath(`fixtures/families/${FOLDERS[family]}`);

export const readsPictures = (family: FamilyName): boolean =>
  family !== 'llama' && family !== 'qwen2';

/** A folder that is gone when the test is over. */
export function runFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'msd-run-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const picture = (name: string): string => repositoryPath(`fixtures/families/images/${name}`);
const TEXTS = [
  ['Count to five.', 'one two three four five'],
  ['Name three colours.', 'red green blue red green blue'],
] as const;
const PICTURES = [
  ['What is in the picture?', 'a red square and a blue ring', picture('wide.jpg')],
  ['And which of them is larger?', 'the red square is larger', picture('small.png')],
] as const;

/** Writes a data file of dialogues that a family can learn from: two of words and, if it reads pictures, two with one. */
export function writeDialogues(dir: string, family: FamilyName): string {
  const dialogue = ([asked, said, image]: readonly [string, string, string?]) => ({
    ...(image !== undefined && { image }),
    conversations: [
      { from: 'human', value: image === undefined ? asked : `<image>\n${asked}` },
      { from: 'gpt', value: said },
    ],
  });
  const visual = readsPictures(family) ? PICTURES.map((one) => dialogue(one)) : [];
  const path = join(dir, 'dialogues.json');
  writeFileSync(path, JSON.stringify([...TEXTS.map((one) => dialogue(one)), ...visual]));
  return path;
}

/** Requests that a family answers: of words and, if it reads pictures, with one. */
export const questions = (family: FamilyName) => [
  { messages: [{ role: 'user' as const, content: TEXTS[0][0] }] },
  ...(readsPictures(family)
    ? [
        {
          messages: [
            {
              role: 'user' as const,
              content: [
                { type: 'image' as const, image: PICTURES[0][2] },
                { type: 'text' as const, text: PICTURES[0][0] },
              ],
            },
          ],
        },
      ]
    : []),
];

/** Takes a training's steps in a folder; its validations, and what it published. */
export async function run(
  training: Training,
  out: string,
): Promise<{ validations: ValidationRecord[]; model: string }> {
  const settings = { out, command: '', now: new Date(0), onWarning: () => {}, onOpen: () => {} };
  const { model } = await runTraining(training, settings, {
    clock: () => performance.now(),
    cancelled: () => false,
    onStep: () => {},
    onValidation: () => {},
  });
  await training.dispose();
  const validations = (await readMetrics(out)).filter(({ kind }) => kind === 'validation');
  return { validations: validations as ValidationRecord[], model: model as string };
}

export const inPlace = (options: LoadOptions) =>
  load({ ...orTiny(options), thread: false, threads: 1 });

export async function answer(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) if (event.type === 'done') return event.result;
  throw new Error('the answer never ended');
}

/** The loss of each kind of dialogues falls by a tenth at least. */
export function expectFall(validations: readonly ValidationRecord[]): void {
  const losses = (kind: 'text' | 'visual') => validations.map((record) => record[kind]?.loss ?? 0);
  for (const kind of ['text', 'visual'] as const) {
    const [before = 0, after = 0] = [losses(kind)[0], losses(kind).at(-1)];
    if (before > 0) expect(after, `loss of ${kind}`).toBeLessThan(0.9 * before);
  }
}
