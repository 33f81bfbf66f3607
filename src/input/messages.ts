/**
 * Chat messages in OpenAI's form or our own become one form: content is always a list of parts, pictures stand in
 * their order beside it. Whether it was given as a text is kept for the chat templates that take both.
 */
import * as z from 'zod';
import { PromptError } from '../contracts/errors.ts';
import type { ImageSource } from '../contracts/image.ts';
import type { ChatMessage, Role } from '../contracts/messages.ts';
import { IMAGE_OBJECTS } from './image-objects.ts';

type NormalPart = { readonly type: 'image' } | { readonly type: 'text'; readonly text: string };

export interface NormalMessage {
  readonly role: Role;
  readonly content: readonly NormalPart[];
  /** The content was given as one text. */
  readonly plain?: true;
  /** Functions that the assistant called. */
  readonly calls?: readonly MadeCall[];
  /** Of a tool: the call that it answers, and what was called. */
  readonly callId?: string;
  readonly name?: string;
}

/** A call that was made, its arguments as data where they are JSON, as templates of Hugging Face have them. */
export interface MadeCall {
  readonly id?: string;
  readonly name: string;
  readonly arguments: unknown;
}

/** What is handed to a chat template beside the messages. */
export interface Offered {
  readonly tools?: readonly object[];
  readonly documents?: readonly object[];
}

const imageText = z
  .string('must be a text')
  .min(1, 'must name a picture')
  .refine(
    (text) => !/^https?:/i.test(text),
    'must be a file path or a data: URI, not a web address',
  );

const partSchema = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('text'), text: z.string('must be a text') }),
    z.object({
      type: z.literal('image_url'),
      image_url: z.union(
        [imageText, z.object({ url: imageText })],
        'must be a file path or data: URI, or an object with it as "url"',
      ),
    }),
    z.object({
      type: z.literal('image'),
      image: z.union(
        [imageText, ...IMAGE_OBJECTS],
        'must be a file path, a data: URI or the bytes of a picture file',
      ),
    }),
    z
      .object({ type: z.literal('refusal'), refusal: z.string('must be a text') })
      .transform(({ refusal }) => ({ type: 'text' as const, text: refusal })),
  ],
  {
    error: ({ code }) =>
      code === 'invalid_union'
        ? 'must be "text", "image_url" or "image"'
        : 'must be an object with a type',
  },
);
/** What OpenAI's types allow and no model here is shown: leaving it out would change what was said. */
const unread = z
  .tuple([], 'is not supported; write what was called, and what came of it, as text')
  .nullish();
const callSchema = z
  .object({
    id: z.string().optional(),
    type: z.literal('function', 'must be "function"').optional(),
    function: z.object({
      name: z.string('must be a text').min(1, 'must name a function'),
      arguments: z.string('must be a text of JSON'),
    }),
  })
  .transform(
    ({ id, function: called }): MadeCall => ({
      ...(id !== undefined && { id }),
      name: called.name,
      arguments: dataOf(called.arguments),
    }),
  );
const CONTENT = 'must be a text or a list of parts';
const messageSchema = z
  .object(
    {
      role: z
        .enum(
          ['system', 'developer', 'user', 'assistant', 'tool'],
          'must be "system", "developer", "user", "assistant" or "tool"',
        )
        .transform((role) => (role === 'developer' ? 'system' : role)),
      tool_calls: z.array(callSchema, 'must be a list of calls').nullish(),
      tool_call_id: z.string('must be a text').optional(),
      name: z.string('must be a text').optional(),
      function_call: unread,
      audio: unread,
      content: z
        .union([z.string(), z.array(partSchema).min(1, 'must hold at least one part')], CONTENT)
        .nullish(),
    },
    'must be an object with role and content',
  )
  .check(({ value: { role, content, tool_calls }, issues }) => {
    const calls = (tool_calls ?? []).length > 0;
    if (calls && role !== 'assistant') {
      issues.push({
        ...{ code: 'custom', input: role, path: ['tool_calls'] },
        message: "must be the assistant's",
      });
    }
    if (content === null || content === undefined) {
      if (!calls)
        issues.push({ code: 'custom', input: content, path: ['content'], message: CONTENT });
    } else if (role === 'tool' && typeof content !== 'string') {
      if (content.some(({ type }) => type !== 'text')) {
        issues.push({
          ...{ code: 'custom', input: content, path: ['content'] },
          message: 'must be words, where a tool answers',
        });
      }
    }
  });
const conversationSchema = z.array(messageSchema, 'must be a list');

/**
 * Checks and normalises a conversation whose last turn is the user's. `system` is put in front as the system message.
 * Throws PromptError, which names the message and the part, also when there is nothing to answer.
 */
export function normaliseMessages(
  messages: unknown,
  system?: string,
): { messages: NormalMessage[]; images: ImageSource[] } {
  const read = conversationSchema.safeParse(messages);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new PromptError(issue === undefined ? 'messages must be a list.' : sentence(issue));
  }
  const given = [...read.data];
  if (system !== undefined) {
    if (given.some(({ role }) => role === 'system')) {
      throw new PromptError(
        'The messages hold a system message and another was given apart; give only one of them.',
      );
    }
    given.unshift({ role: 'system', content: system });
  }
  const last = given.at(-1);
  if (last === undefined || read.data.length === 0) {
    throw new PromptError('There are no messages; give at least one user message.');
  }
  if (last.role !== 'user' && last.role !== 'tool') {
    throw new PromptError(
      `The last message is the ${last.role}'s; it must be the user's or a tool's, so that there is something to answer.`,
    );
  }
  const images: ImageSource[] = [];
  const normal = given.map((message): NormalMessage => {
    const { role, tool_calls, tool_call_id, name } = message;
    const content = message.content ?? '';
    const beside = {
      ...(tool_calls && tool_calls.length > 0 && { calls: tool_calls }),
      ...(role === 'tool' && tool_call_id !== undefined && { callId: tool_call_id }),
      ...(role === 'tool' && name !== undefined && { name }),
    };
    if (typeof content === 'string') {
      return { role, content: [{ type: 'text', text: content }], plain: true, ...beside };
    }
    return {
      role,
      ...beside,
      content: content.map((part): NormalPart => {
        if (part.type === 'text') return { type: 'text', text: part.text };
        images.push(sourceOf(part));
        return { type: 'image' };
      }),
    };
  });
  const asks =
    last.role === 'tool' ||
    normal.at(-1)?.content.some((part) => part.type === 'image' || part.text.trim());
  if (!asks) {
    throw new PromptError('The prompt is empty; the last user message needs words or a picture.');
  }
  return { messages: normal, images };
}

/** One user turn: the pictures, then the words. */
export function messagesFromPrompt(prompt: string, images: readonly ImageSource[]): ChatMessage[] {
  if (images.length === 0) return [{ role: 'user', content: prompt }];
  const pictures = images.map((image) => ({ type: 'image', image }) as const);
  return [{ role: 'user', content: [...pictures, { type: 'text', text: prompt }] }];
}

/** What a text of JSON holds; the text itself where it is none. */
function dataOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function sourceOf(part: Exclude<z.infer<typeof partSchema>, { type: 'text' }>): ImageSource {
  if (part.type === 'image') return part.image;
  return typeof part.image_url === 'string' ? part.image_url : part.image_url.url;
}

/** `messages[1].content[0].type must be …`; of a union, the branch that was entered tells. */
function sentence(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): string {
  const path = [...above, ...issue.path];
  const branches = issue.code === 'invalid_union' ? issue.errors.flat() : [];
  const inner = branches.find((branch) => branch.path.length > 0);
  if (inner !== undefined) return sentence(inner, path);
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return `messages${steps.join('')} ${issue.message}.`;
}
