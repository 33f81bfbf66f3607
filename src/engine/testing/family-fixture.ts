/** The small checkpoint of a family with what Hugging Face made of some dialogues: fixtures/families/`name`. */
import * as z from 'zod';
import type { ChatMessage } from '../../contracts/messages.ts';
import {
  floats,
  golden,
  goldenImage,
  readGoldens,
  readJson,
  repositoryPath,
} from '../../input/node/testing/read-goldens.ts';

const FOLDER = 'fixtures/families';

/** The families that read pictures. */
export const PICTURE_FAMILIES = [
  'llava-gqa',
  'llava-next',
  'qwen2-vl',
  'qwen2.5-vl',
  'smolvlm',
  'glance',
] as const;
/** Decoders alone, each with another trait. */
export const TEXT_FAMILIES = [
  'text/biased',
  'text/qwen2',
  'text/llama3',
  'text/yarn',
  'text/mscales',
  'text/linear',
] as const;

const caseFile = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      messages: z.array(
        z.object({
          role: z.enum(['system', 'user', 'assistant']),
          content: z.array(
            z.object({ type: z.enum(['image', 'text']), text: z.string().optional() }),
          ),
        }),
      ),
      images: z.array(z.string()),
      prompt: z.string(),
      input_ids: z.array(z.int()),
      greedy_ids: z.array(z.int()),
      greedy_text: z.string(),
    }),
  ),
  tree: z.object({
    case: z.string(),
    tokens: z.array(z.int()),
    parents: z.array(z.int()),
    /** One, or three where the model has axes. */
    positions: z.array(z.union([z.int().transform((one) => [one, one, one]), z.array(z.int())])),
  }),
});

export type FamilyCase = z.infer<typeof caseFile>['cases'][number];
export type FamilyFixture = ReturnType<typeof familyFixture>;

export function familyFixture(name: string) {
  const { cases, tree } = caseFile.parse(readJson(`${FOLDER}/${name}/cases.json`));
  const goldens = readGoldens(`${FOLDER}/${name}/goldens.safetensors`);
  const decoded = readGoldens(`${FOLDER}/images/decoded.safetensors`);
  return {
    model: repositoryPath(`${FOLDER}/${name}`),
    cases,
    /** An arbitrary tree that was judged behind one of the prompts. */
    tree,
    has: (tensor: string) => goldens.has(tensor),
    shape: (tensor: string) => golden(goldens, tensor).shape,
    floats: (tensor: string) => floats(golden(goldens, tensor)),
    integers: (tensor: string) =>
      [...new BigInt64Array(golden(goldens, tensor).bytes.buffer)].map(Number),
    /** The pictures of a case as Hugging Face's decoder reads their files. */
    imagesOf: ({ images }: FamilyCase) => images.map((file) => goldenImage(decoded, file)),
  };
}

/** The messages of a case, with the files of their pictures in order. */
export function messagesOf({ messages, images }: FamilyCase): ChatMessage[] {
  const left = images.map((file) => repositoryPath(`${FOLDER}/images/${file}`));
  return messages.map(({ role, content }) => ({
    role,
    content: content.map(({ type, text = '' }) =>
      type === 'text' ? { type, text } : { type, image: left.shift() as string },
    ),
  }));
}
