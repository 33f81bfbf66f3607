import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';

/** The small checkpoint of each family. */
export const FAMILIES = {
  llava: 'llava-gqa',
  llava_next: 'llava-next',
  smolvlm: 'smolvlm',
  qwen2_vl: 'qwen2-vl',
  qwen2_5_vl: 'qwen2.5-vl',
  llama: 'text/llama3',
  qwen2: 'text/qwen2',
} as const;
export type FamilyName = keyof typeof FAMILIES;

export const folderOf = (family: FamilyName): string =>
  repositoryPath(`fixtures/families/${FAMILIES[family]}`);

export const readsPictures = (family: FamilyName): boolean =>
  family !== 'llama' && family !== 'qwen2';

/** A folder that is gone when the test is over. */
export function runFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'msd-run-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const PICTURE = repositoryPath('fixtures/families/images/small.png');
const TEXTS = [
  ['Count to five.', 'one two three four five'],
  ['Name three colours.', 'red green blue red green blue'],
] as const;
const PICTURES = [
  ['What is in the picture?', 'a red square and a blue ring'],
  ['And which of them is larger?', 'the red square is larger'],
] as const;

/** Writes a data file of dialogues that a family can learn from: two of words and, if it reads pictures, two with one. */
export function writeDialogues(dir: string, family: FamilyName): string {
  const dialogue = ([asked, said]: readonly [string, string], image?: string) => ({
    ...(image !== undefined && { image }),
    conversations: [
      { from: 'human', value: image === undefined ? asked : `<image>\n${asked}` },
      { from: 'gpt', value: said },
    ],
  });
  const visual = readsPictures(family) ? PICTURES.map((one) => dialogue(one, PICTURE)) : [];
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
                { type: 'image' as const, image: PICTURE },
                { type: 'text' as const, text: PICTURES[0][0] },
              ],
            },
          ],
        },
      ]
    : []),
];
