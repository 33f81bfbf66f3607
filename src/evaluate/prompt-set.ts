/**
 * Prompts to measure with, from a file: JSON Lines of `{"prompt", "images"?}` or `{"messages"}`, or LLaVA's JSON list
 * of conversations, of which the first human turn with its picture is asked.
 */
import { access, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ImageError, PromptError } from '../contracts/errors.ts';
import type { ChatMessage } from '../contracts/messages.ts';
import { ioError } from '../files/io-error.ts';
import { messagesFromPrompt, normaliseMessages } from '../input/messages.ts';

export interface BenchPrompt {
  /** The words of the last turn. */
  readonly name: string;
  /** Pictures in it. */
  readonly images: number;
  readonly messages: readonly ChatMessage[];
}

const recordSchema = z.union([
  z.strictObject({ prompt: z.string(), images: z.array(z.string()).default([]) }),
  z.strictObject({ messages: z.array(z.unknown()) }),
]);

const conversationSchema = z.object({
  image: z.string().optional(),
  conversations: z.array(z.object({ from: z.string(), value: z.string() })).min(1),
});

/**
 * Reads and checks a whole set before anything runs. Pictures are looked for beside the file, in its `images` folder,
 * then in `imageRoot`.
 * @throws CheckpointError if the file can't be read, PromptError naming file and record, ImageError if a picture is
 * missing, an AggregateError of them if several are
 */
export async function readPrompts(path: string, imageRoot?: string): Promise<BenchPrompt[]> {
  const text = await readText(path);
  const records = text.trimStart().startsWith('[') ? fromList(path, text) : fromLines(path, text);
  if (records.length === 0)
    throw new PromptError(`${path}: there is no prompt in it; give at least one.`);
  const folder = dirname(resolve(path));
  const folders = [folder, join(folder, 'images'), ...(imageRoot === undefined ? [] : [imageRoot])];
  const missing: ImageError[] = [];
  const prompts: BenchPrompt[] = [];
  for (const { place, messages } of records) {
    prompts.push(await promptOf(place, messages, { folders, missing }));
  }
  if (missing.length > 1) throw new AggregateError(missing, missing[0]?.message);
  if (missing[0] !== undefined) throw missing[0];
  return prompts;
}

interface Draft {
  /** File and record, for messages. */
  readonly place: string;
  readonly messages: unknown;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw ioError(path, cause);
  }
}

function fromLines(path: string, text: string): Draft[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${path}, line ${index + 1}`;
    const record = recordSchema.safeParse(parse(place, line)).data;
    if (record === undefined)
      throw new PromptError(`${place}: it must hold "prompt" and perhaps "images", or "messages".`);
    if ('messages' in record) return [{ place, messages: record.messages }];
    return [{ place, messages: messagesFromPrompt(record.prompt, record.images) }];
  });
}

function fromList(path: string, text: string): Draft[] {
  const list = z.array(z.unknown()).parse(parse(path, text));
  return list.map((value, index) => {
    const place = `${path}, record ${index + 1}`;
    const record = conversationSchema.safeParse(value).data;
    const [turn] = record?.conversations ?? [];
    if (record === undefined || turn?.from !== 'human')
      throw new PromptError(`${place}: it must hold LLaVA "conversations" that a human begins.`);
    const words = turn.value.replaceAll('<image>', '').trim();
    const images = record.image === undefined ? [] : [record.image];
    return { place, messages: messagesFromPrompt(words, images) };
  });
}

function parse(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PromptError(`${place}: it is not valid JSON; correct it.`, { cause });
  }
}

interface Search {
  readonly folders: readonly string[];
  /** What was not found. */
  readonly missing: ImageError[];
}

async function promptOf(place: string, given: unknown, search: Search): Promise<BenchPrompt> {
  const { messages, images } = normalise(place, given);
  const sources = await Promise.all(
    images.map((image) => (typeof image === 'string' ? locate(place, image, search) : image)),
  );
  let next = 0;
  const located = messages.map(
    ({ role, content }): ChatMessage => ({
      role,
      content: content.map((part) =>
        part.type === 'text' ? part : { type: 'image', image: sources[next++] ?? '' },
      ),
    }),
  );
  const words = messages.at(-1)?.content.map((part) => (part.type === 'text' ? part.text : ''));
  return { name: words?.join('') ?? '', images: images.length, messages: located };
}

function normalise(place: string, messages: unknown): ReturnType<typeof normaliseMessages> {
  try {
    return normaliseMessages(messages);
  } catch (cause) {
    if (!(cause instanceof PromptError)) throw cause;
    throw new PromptError(`${place}: ${cause.message}`, { cause });
  }
}

async function locate(place: string, image: string, { folders, missing }: Search): Promise<string> {
  if (image.startsWith('data:')) return image;
  for (const path of folders.map((folder) => resolve(folder, image))) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  const to = 'name the folder that pictures lie in';
  missing.push(
    new ImageError(image, `it is in none of ${folders.join(', ')} (${place}).`, {
      remedy: { kind: 'use-option', option: 'imageRoot', to },
    }),
  );
  return image;
}
