/**
 * Tokens back to text, one at a time, as the `decoder` of tokenizer.json says: its steps chained, each giving out what
 * no later token can change. So streaming and decoding a whole list are the same code.
 */
import * as z from 'zod';
import { TokenizerError } from '../contracts/errors.ts';
import {
  byteFallback,
  byteLevel,
  type DecodeStep,
  eachToken,
  metaspace,
  replaceInText,
  stripText,
  stripToken,
  type TextStream,
} from './decode-steps.ts';
import { componentType } from './post-processor.ts';

const config = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Sequence'), decoders: z.array(z.unknown()) }),
  z.object({
    type: z.literal('Replace'),
    pattern: z.object({ String: z.string().min(1) }),
    content: z.string(),
  }),
  z.object({ type: z.literal('ByteFallback') }),
  z.object({ type: z.literal('Fuse') }),
  z.object({
    type: z.literal('Strip'),
    content: z.string().length(1),
    start: z.int().nonnegative(),
    stop: z.int().nonnegative(),
  }),
  z.object({ type: z.literal('ByteLevel') }),
  z.object({
    type: z.literal('Metaspace'),
    replacement: z.string().length(1),
    prepend_scheme: z.enum(['always', 'first', 'never']).default('always'),
    add_prefix_space: z.boolean().default(true),
  }),
]);
type DecoderConfig = Exclude<z.infer<typeof config>, { type: 'Sequence' }>;

/** What `clean_up_tokenization_spaces` replaces, in Hugging Face's order. */
const CLEAN_UP: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/**
 * Reads `decoder` of tokenizer.json; the result opens one fresh stream per text.
 * Throws TokenizerError for decoders whose output was not checked against Hugging Face (WordPiece, CTC, …).
 */
export function compileDecoder(decoder: unknown, cleanUpSpaces: boolean): () => TextStream {
  const recipe: (() => DecodeStep)[] = [];
  let fused = false;
  for (const step of decoderSteps(decoder)) {
    const cuts = step.type === 'ByteLevel' || step.type === 'ByteFallback';
    if (fused && (cuts || step.type === 'Metaspace')) {
      throw new TokenizerError(
        `tokenizer.json: decoder ${step.type} after the tokens were fused is not supported; use the published tokenizer.json.`,
      );
    }
    const inText = fused;
    recipe.push(() => openStep(step, inText));
    fused ||= step.type === 'Fuse' || step.type === 'ByteLevel';
  }
  if (cleanUpSpaces) {
    for (const [pattern, content] of CLEAN_UP) recipe.push(() => replaceInText(pattern, content));
  }
  return () => chain(recipe.map((open) => open()));
}

/** The steps of a decoder, in order. */
export function decoderSteps(decoder: unknown): DecoderConfig[] {
  const read = config.safeParse(decoder);
  if (!read.success) {
    throw new TokenizerError(
      `tokenizer.json: decoder "${componentType(decoder)}" is not one that can be read (known: ByteLevel, ByteFallback, Fuse, Metaspace, Replace with a string, Strip, Sequence of them).`,
    );
  }
  return read.data.type === 'Sequence' ? read.data.decoders.flatMap(decoderSteps) : [read.data];
}

function openStep(step: DecoderConfig, inText: boolean): DecodeStep {
  switch (step.type) {
    case 'Replace': {
      const { pattern, content } = step;
      if (inText) return replaceInText(pattern.String, content);
      return eachToken((token) => token.replaceAll(pattern.String, () => content));
    }
    case 'Strip':
      return inText ? stripText(step) : eachToken((token) => stripToken(token, step));
    case 'ByteFallback':
      return byteFallback();
    case 'ByteLevel':
      return byteLevel();
    case 'Metaspace':
      return metaspace(step.replacement, step.prepend_scheme !== 'never' && step.add_prefix_space);
    case 'Fuse':
      return eachToken((token) => token);
  }
}

function chain(steps: readonly DecodeStep[]): TextStream {
  const run = (pieces: readonly string[], from: number) =>
    steps.slice(from).reduce((now, step) => now.flatMap((piece) => step.push(piece)), pieces);
  return {
    push: (token) => run([token], 0).join(''),
    flush: () => steps.map((step, i) => run(step.flush(), i + 1).join('')).join(''),
  };
}
