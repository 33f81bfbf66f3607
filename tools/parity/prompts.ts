/** Prompts to answer in every way: the validation dialogues up to their last question, and freshly drawn pictures. */
import * as z from 'zod';
import type { ChatMessage, ContentPart } from '../../src/contracts/messages.ts';
import { readJson, repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import { drawPicture } from './draw-picture.ts';

export interface Prompt {
  readonly name: string;
  readonly messages: readonly ChatMessage[];
}

const FOLDER = 'fixtures/tiny/validation';
const records = z.array(
  z.object({
    id: z.string(),
    image: z.string().optional(),
    conversations: z.array(z.object({ from: z.enum(['human', 'gpt']), value: z.string() })),
  }),
);

/** As many of each kind; without a number all 400 dialogues. */
export function validationPrompts(each?: number): Prompt[] {
  return ['val_visual', 'val_text'].flatMap((file) =>
    records
      .parse(readJson(`${FOLDER}/${file}.json`))
      .slice(0, each)
      .map(promptOf),
  );
}

function promptOf({ id, image, conversations }: z.infer<typeof records>[number]): Prompt {
  const messages = conversations.slice(0, -1).map(({ from, value }): ChatMessage => {
    if (from === 'gpt') return { role: 'assistant', content: value };
    if (image === undefined || !value.startsWith('<image>\n')) {
      return { role: 'user', content: value };
    }
    const picture: ContentPart = {
      type: 'image',
      image: repositoryPath(`${FOLDER}/images/${image}`),
    };
    const text: ContentPart = { type: 'text', text: value.slice('<image>\n'.length) };
    return { role: 'user', content: [picture, text] };
  });
  return { name: id, messages };
}

const QUESTIONS = [
  'Describe the picture.',
  'List the shapes.',
  'How many shapes are there?',
  'What is the background?',
  'Tell a short story about the picture.',
  'What do you see?',
];

/** Pictures that no file holds, with a question each. */
export function drawnPrompts(count: number): Promise<Prompt[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, number): Promise<Prompt> => {
      const text = QUESTIONS[number % QUESTIONS.length] as string;
      const image = await drawPicture(number);
      const content: ContentPart[] = [
        { type: 'image', image },
        { type: 'text', text },
      ];
      return { name: `drawn ${number}`, messages: [{ role: 'user', content }] };
    }),
  );
}
