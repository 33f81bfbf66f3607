/** What `post_processor` of tokenizer.json puts around a text. */
import * as z from 'zod';
import { TokenizerError } from '../contracts/errors.ts';

/** Ids that stand before and after a text encoded with special tokens. */
export interface Surroundings {
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
}

const template = z.object({
  type: z.literal('TemplateProcessing'),
  single: z.array(
    z.union([
      z.object({ SpecialToken: z.object({ id: z.string() }) }),
      z.object({ Sequence: z.object({ id: z.string() }) }),
    ]),
  ),
  special_tokens: z.record(z.string(), z.object({ ids: z.array(z.int().nonnegative()) })),
});
const postProcessor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Sequence'), processors: z.array(z.unknown()) }),
  z.object({ type: z.literal('ByteLevel') }), // moves offsets, adds no ids
  template,
]);

/** Throws TokenizerError for kinds that were never checked against Hugging Face. */
export function readPostProcessor(value: unknown): Surroundings {
  if (value === null) return { prefix: [], suffix: [] };
  const read = postProcessor.safeParse(value);
  if (!read.success) {
    throw new TokenizerError(
      `tokenizer.json: post_processor "${componentType(value)}" can't be read (known: TemplateProcessing, ByteLevel, Sequence of them).`,
    );
  }
  if (read.data.type === 'ByteLevel') return { prefix: [], suffix: [] };
  if (read.data.type === 'Sequence') {
    const parts = read.data.processors.map(readPostProcessor);
    return {
      prefix: parts.reverse().flatMap((part) => part.prefix),
      suffix: parts.reverse().flatMap((part) => part.suffix),
    };
  }
  const { single, special_tokens } = read.data;
  const at = single.findIndex((item) => 'Sequence' in item);
  const ids = (items: typeof single) =>
    items.flatMap((item) =>
      'SpecialToken' in item ? (special_tokens[item.SpecialToken.id]?.ids ?? []) : [],
    );
  return { prefix: ids(single.slice(0, at)), suffix: ids(single.slice(at + 1)) };
}

/** The `type` of a part of tokenizer.json, for messages about parts that can't be read. */
export function componentType(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'object' && 'type' in value ? String(value.type) : 'unreadable';
}
