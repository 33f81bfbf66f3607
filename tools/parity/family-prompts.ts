import type { ChatMessage, ContentPart } from '../../src/contracts/messages.ts';
import { uniform } from '../../src/decode/uniform.ts';
import { familyFixture, messagesOf } from '../../src/engine/testing/family-fixture.ts';
import { drawPicture } from './draw-picture.ts';
import type { FamilyName } from './lab.ts';
import type { Prompt } from './prompts.ts';

const LINES = [
  'Describe what you see.',
  '  - a list item, indented',
  '',
  'Où est le café “Zoë”?',
  '你好 🙂',
  'the theatre there, then the weather',
  'for (let i = 0; i < 9; i++) {\n\tsum += i;\n}',
  'Answer in one word!',
];
const MOST_LINES = 5;
const MOST_PICTURES = 3;

/**
 * A family's recorded dialogues, then drawn questions of several lines: about none, one, two and three pictures in turn,
 * between the lines, where the family reads pictures. Always the same for a family and a count.
 */
export async function familyPrompts(name: FamilyName, count: number): Promise<Prompt[]> {
  const prompts: Prompt[] = familyFixture(name)
    .cases.slice(0, count)
    .map((one) => ({ name: one.name, messages: messagesOf(one) }));
  while (prompts.length < count) {
    const number = prompts.length;
    const pictures = name.startsWith('text/') ? 0 : number % (MOST_PICTURES + 1);
    prompts.push({ name: `drawn ${number}`, messages: [await drawnQuestion(number, pictures)] });
  }
  return prompts;
}

/** A question of several lines about so many drawn pictures; another for each number. */
export async function drawnQuestion(number: number, pictures: number): Promise<ChatMessage> {
  let draws = 0;
  const below = (n: number) => Math.floor(uniform(number, draws++) * n);
  const lines = () => {
    const drawn = Array.from({ length: 1 + below(MOST_LINES) }, () => LINES[below(LINES.length)]);
    return [...drawn, `${below(100)} + ${below(100)} =`].join('\n');
  };
  const content: ContentPart[] = [];
  for (let picture = 0; picture < pictures; picture += 1) {
    const image = await drawPicture(number * MOST_PICTURES + picture);
    content.push(
      { type: 'image', image },
      { type: 'text', text: `\n${LINES[below(LINES.length)]}\n` },
    );
  }
  return { role: 'user', content: [...content, { type: 'text', text: lines() }] };
}
