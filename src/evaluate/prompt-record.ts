/**
 * Records of prompts as people have them, each with the name of its task where it has one: own lines, questions of
 * MT-Bench and of LLaVA-Bench, and LLaVA's conversations. Of several turns the first is asked.
 */
import * as z from 'zod';
import { messagesFromPrompt } from '../input/messages.ts';

const task = { task: z.string().min(1).optional() };
const named = { ...task, category: z.string().min(1).optional() };

/** `{"prompt", "images"?, "task"?}` */
const own = z.strictObject({
  prompt: z.string(),
  images: z.array(z.string()).default([]),
  ...task,
});
/** `{"messages", "task"?}` */
const chat = z.strictObject({ messages: z.array(z.unknown()), ...task });
/** A line of MT-Bench's question.jsonl. */
const mtBench = z.object({ turns: z.array(z.string()).min(1), ...named });
/** A line of LLaVA-Bench's questions.jsonl. */
const llavaBench = z.object({
  question_id: z.union([z.string(), z.number()]),
  text: z.string(),
  image: z.string().optional(),
  ...named,
});
/** A record of LLaVA's training and test data. */
const llava = z.object({
  image: z.string().optional(),
  conversations: z.array(z.object({ from: z.string(), value: z.string() })).min(1),
  ...named,
});

/** What a record asks; undefined where it is of no kind that is known, or a human does not begin. */
export interface Asked {
  readonly messages: unknown;
  readonly task?: string;
}

export function askedOf(value: unknown): Asked | undefined {
  const is = <T>(schema: z.ZodType<T>) => schema.safeParse(value).data;
  const one = is(own);
  if (one) return asked(messagesFromPrompt(one.prompt, one.images), one);
  const talk = is(chat);
  if (talk) return asked(talk.messages, talk);
  const question = is(mtBench);
  if (question) return asked(messagesFromPrompt(question.turns[0] ?? '', []), question);
  const visual = is(llavaBench);
  if (visual) return asked(messagesFromPrompt(visual.text, pictures(visual)), visual);
  const record = is(llava);
  const [turn] = record?.conversations ?? [];
  if (record === undefined || turn?.from !== 'human') return undefined;
  const words = turn.value.replaceAll('<image>', '').trim();
  return asked(messagesFromPrompt(words, pictures(record)), record);
}

interface Named {
  readonly task?: string | undefined;
  readonly category?: string | undefined;
}

function asked(messages: unknown, { task, category }: Named): Asked {
  const name = task ?? category;
  return { messages, ...(name !== undefined && { task: name }) };
}

const pictures = ({ image }: { image?: string | undefined }) =>
  image === undefined ? [] : [image];
