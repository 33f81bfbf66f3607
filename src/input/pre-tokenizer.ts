/**
 * `pre_tokenizer` of tokenizer.json, rewritten where @huggingface/tokenizers cuts words differently from Hugging
 * Face's own library: white space and digits are those of Unicode, and Metaspace cuts before each replacement.
 */
import * as z from 'zod';
import { TokenizerError } from '../contracts/errors.ts';
import { componentType } from './post-processor.ts';

const config = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Sequence'), pretokenizers: z.array(z.unknown()) }),
  z.looseObject({
    type: z.literal('Split'),
    pattern: z.union([z.object({ Regex: z.string() }), z.object({ String: z.string() })]),
    behavior: z.enum(['Isolated', 'Removed']),
    invert: z.boolean().default(false),
  }),
  z.object({
    type: z.literal('ByteLevel'),
    add_prefix_space: z.boolean().default(true),
    use_regex: z.boolean().default(true),
  }),
  z.object({ type: z.literal('Digits'), individual_digits: z.boolean().default(false) }),
  z.object({
    type: z.literal('Metaspace'),
    replacement: z.string().length(1),
    prepend_scheme: z.enum(['always', 'first', 'never']).default('always'),
    add_prefix_space: z.boolean().default(true),
    split: z.boolean().default(true),
  }),
]);

/** GPT-2's word pattern; `\s` is Unicode's White_Space here, which leaves U+FEFF out. */
const GPT2_WORDS =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** Gives the configuration for @huggingface/tokenizers; throws TokenizerError for kinds that were never checked. */
export function mendPreTokenizer(value: unknown): object | null {
  if (value === null) return null;
  const read = config.safeParse(value);
  if (!read.success) {
    throw new TokenizerError(
      `tokenizer.json: pre_tokenizer "${componentType(value)}" can't be read (known: ByteLevel, Digits, Metaspace, Split that isolates or removes, Sequence of them).`,
    );
  }
  const step = read.data;
  switch (step.type) {
    case 'Sequence':
      return inSequence(...step.pretokenizers.map(mendPreTokenizer));
    case 'Split':
      return step;
    case 'Digits':
      return isolate(step.individual_digits ? '\\p{N}' : '\\p{N}+');
    case 'ByteLevel':
      // The prefix space goes on before the words are cut, so that form stays as the library has it.
      if (!step.use_regex || step.add_prefix_space) return step;
      return inSequence(isolate(GPT2_WORDS), { ...step, use_regex: false });
    case 'Metaspace': {
      const scheme = step.add_prefix_space ? step.prepend_scheme : 'never';
      const space = { ...step, prepend_scheme: scheme };
      const mark = `\\u{${step.replacement.codePointAt(0)?.toString(16)}}`;
      return step.split ? inSequence(space, isolate(`${mark}[^${mark}]*`)) : space;
    }
  }
}

function isolate(regex: string): object {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}

function inSequence(...pretokenizers: (object | null)[]): object {
  return { type: 'Sequence', pretokenizers };
}
