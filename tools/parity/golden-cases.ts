/** The recorded dialogues: prompts with their pixels, and what Hugging Face and the published draft made of them. */
import * as z from 'zod';
import type { ChatMessage } from '../../src/contracts/messages.ts';
import {
  floats,
  golden,
  readGoldens,
  readJson,
  repositoryPath,
} from '../../src/input/node/testing/read-goldens.ts';

const tree = z.object({ tokens: z.array(z.int()), parents: z.array(z.int()) });
const round = tree.extend({ accepted: z.array(z.int()), bonus: z.int() });
const messages = z.array(
  z.object({
    role: z.enum(['system', 'user', 'assistant']),
    content: z.array(z.object({ type: z.enum(['image', 'text']), text: z.string().optional() })),
  }),
);
const dialogue = z.object({
  name: z.string(),
  prompt: z.string(),
  input_ids: z.array(z.int()),
  greedy_ids: z.array(z.int()),
});
const tinyFile = z.object({
  cases: z.array(
    dialogue.extend({ messages, image: z.string().nullish(), rounds: z.array(round) }),
  ),
});
const familyFile = z.object({
  cases: z.array(dialogue.extend({ messages, images: z.array(z.string()) })),
  tree: tree.extend({ case: z.string(), positions: z.array(z.int()) }),
});
const layoutFile = z.array(dialogue.extend({ images: z.array(z.string()), root: z.int(), tree }));

export type GoldenRound = z.infer<typeof round>;

/** A recorded dialogue; `messages` is null where no template writes the prompt. */
export interface GoldenCase {
  readonly set: 'tiny' | 'layout' | 'llava-gqa';
  readonly name: string;
  readonly prompt: string;
  readonly ids: readonly number[];
  readonly greedy: readonly number[];
  readonly pictures: readonly string[];
  readonly messages: readonly ChatMessage[] | null;
  /** Rounds of the published loop; a layout has one tree, without a verdict. */
  readonly rounds: readonly GoldenRound[];
  readonly tree: z.infer<typeof tree> | null;
}

export function tinyCases(): GoldenCase[] {
  return tinyFile.parse(readJson('fixtures/tiny/cases.json')).cases.map((one) => {
    const pictures = one.image ? [repositoryPath(`fixtures/tiny/images/${one.image}`)] : [];
    return caseOf('tiny', one, pictures, withPictures(one.messages, pictures), one.rounds, null);
  });
}

export function layoutCases(): GoldenCase[] {
  return layoutFile.parse(readJson('fixtures/tiny/draft_layout.json')).map((one) => {
    const pictures = one.images.map((name) => repositoryPath(`fixtures/tiny/images/${name}`));
    return caseOf('layout', one, pictures, null, [], one.tree);
  });
}

export function familyCases(): GoldenCase[] {
  return familyFile.parse(readJson('fixtures/families/llava-gqa/cases.json')).cases.map((one) => {
    const pictures = one.images.map((name) => repositoryPath(`fixtures/families/images/${name}`));
    return caseOf('llava-gqa', one, pictures, withPictures(one.messages, pictures), [], null);
  });
}

/** The arbitrary tree that Hugging Face judged after one of the family's prompts. */
export function familyTree() {
  return familyFile.parse(readJson('fixtures/families/llava-gqa/cases.json')).tree;
}

const FILES = {
  tiny: 'fixtures/tiny/goldens.safetensors',
  layout: 'fixtures/tiny/draft_layout.safetensors',
  'llava-gqa': 'fixtures/families/llava-gqa/goldens.safetensors',
} as const;

/** Recorded numbers of a set by `case.tensor`. */
export function goldenNumbers(set: GoldenCase['set']): (name: string) => Float32Array {
  const tensors = readGoldens(FILES[set]);
  return (name) => floats(golden(tensors, name));
}

function caseOf(
  set: GoldenCase['set'],
  one: z.infer<typeof dialogue>,
  pictures: readonly string[],
  messages: readonly ChatMessage[] | null,
  rounds: readonly GoldenRound[],
  tree: GoldenCase['tree'],
): GoldenCase {
  const { name, prompt, input_ids: ids, greedy_ids: greedy } = one;
  return { set, name, prompt, ids, greedy, pictures, messages, rounds, tree };
}

/** Image parts name their pictures, in order. */
function withPictures(given: z.infer<typeof messages>, pictures: readonly string[]): ChatMessage[] {
  const left = [...pictures];
  return given.map(({ role, content }) => ({
    role,
    content: content.map((part) =>
      part.type === 'image'
        ? { type: 'image', image: left.shift() as string }
        : { type: 'text', text: part.text ?? '' },
    ),
  }));
}
