/** Prompts to measure with: from a file, JSON Lines or a JSON list, or from a list of the same records. */
import { access, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ImageError, PromptError } from '../contracts/errors.ts';
import type { ChatMessage } from '../contracts/messages.ts';
import type { OpenAiMessage } from '../contracts/openai-message.ts';
import { ioError } from '../files/io-error.ts';
import { normaliseMessages } from '../input/messages.ts';
import { type Asked, askedOf } from './prompt-record.ts';

export interface BenchPrompt {
  /** The words of the last turn. */
  readonly name: string;
  /** Pictures in it. */
  readonly images: number;
  readonly messages: readonly ChatMessage[];
  /** Prompts of one task are told together too. */
  readonly task?: string;
}

/** A record of a set, as a line of a file would hold it. */
export type PromptRecord =
  | { readonly prompt: string; readonly images?: readonly string[]; readonly task?: string }
  | { readonly messages: readonly (ChatMessage | OpenAiMessage)[]; readonly task?: string };

/**
 * Reads and checks a whole set before anything runs. Pictures are looked for beside the file, in its `images` folder,
 * then in `imageRoot`.
 * @throws CheckpointError if the file can't be read, PromptError naming file and record, ImageError if a picture is
 * missing, an AggregateError of them if several are
 */
export async function readPrompts(path: string, imageRoot?: string): Promise<BenchPrompt[]> {
  const text = await readText(path);
  const records = text.trimStart().startsWith('[') ? fromList(path, text) : fromLines(path, text);
  return promptsOf(path, records, { folder: dirname(resolve(path)), imageRoot });
}

/**
 * The same of records at hand; their pictures lie in the working folder, its `images` folder or
 * `imageRoot`.
 * @throws PromptError naming the record, ImageError if a picture is missing
 */
export function promptsFrom(
  records: readonly PromptRecord[],
  imageRoot?: string,
): Promise<BenchPrompt[]> {
  const places = records.map((value, index) => ({ place: `prompts[${index}]`, value }));
  return promptsOf('prompts', places, { folder: '.', imageRoot });
}

interface PlacedRecord {
  /** File and record, for messages. */
  readonly place: string;
  readonly value: unknown;
}

async function promptsOf(
  set: string,
  records: readonly PlacedRecord[],
  { folder, imageRoot }: { folder: string; imageRoot: string | undefined },
): Promise<BenchPrompt[]> {
  if (records.length === 0)
    throw new PromptError(`${set}: there is no prompt in it; give at least one.`);
  const folders = [folder, join(folder, 'images'), ...(imageRoot === undefined ? [] : [imageRoot])];
  const missing: ImageError[] = [];
  const prompts: BenchPrompt[] = [];
  for (const { place, value } of records) {
    const asked = askedOf(value);
    if (asked === undefined) throw new PromptError(`${place}: ${KINDS}`);
    prompts.push(await promptOf(place, asked, { folders, missing }));
  }
  if (missing.length > 1) throw new AggregateError(missing, missing[0]?.message);
  if (missing[0] !== undefined) throw missing[0];
  return prompts;
}

const KINDS =
  'it must hold "prompt" and perhaps "images" and "task", or "messages", or be a question of MT-Bench ("turns") or LLaVA-Bench ("text"), or LLaVA "conversations" that a human begins.';

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw ioError(path, cause);
  }
}

function fromLines(path: string, text: string): PlacedRecord[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${path}, line ${index + 1}`;
    return [{ place, value: parse(place, line) }];
  });
}

function fromList(path: string, text: string): PlacedRecord[] {
  const list = parse(path, text) as unknown[];
  return list.map((value, index) => ({ place: `${path}, record ${index + 1}`, value }));
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

async function promptOf(place: string, asked: Asked, search: Search): Promise<BenchPrompt> {
  const { messages, images } = normalise(place, asked.messages);
  const sources: (typeof images)[number][] = [];
  // One after the other: what is missing is named in its order.
  for (const image of images) {
    sources.push(typeof image === 'string' ? await locate(place, image, search) : image);
  }
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
  const name = words?.join('') ?? '';
  const { task } = asked;
  return { name, images: images.length, messages: located, ...(task !== undefined && { task }) };
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
