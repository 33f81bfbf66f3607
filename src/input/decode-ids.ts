/**
 * Tokens back to text, as the `decoder` of tokenizer.json says, one token at a time. Every step is a small transducer
 * that gives out what no later token can change, so streaming and decoding a whole list are the same code.
 */
import { z } from 'zod';
import { TokenizerError } from '../contracts/errors.ts';

/** Takes tokens (or, once fused, pieces of the one text) and gives what is settled. */
interface Step {
  push(piece: string): string[];
  flush(): string[];
}

/** Text that grows token by token; `flush` ends it. */
export interface TextStream {
  push(token: string): string;
  flush(): string;
}

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
  const recipe: (() => Step)[] = [];
  let fused = false;
  for (const step of flatten(decoder)) {
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

function flatten(decoder: unknown): DecoderConfig[] {
  const read = config.safeParse(decoder);
  if (!read.success) {
    const type = z.object({ type: z.string() }).safeParse(decoder).data?.type ?? 'none';
    throw new TokenizerError(
      `tokenizer.json: decoder "${type}" is not one that can be read (known: ByteLevel, ByteFallback, Fuse, Metaspace, Replace with a string, Strip, Sequence of them).`,
    );
  }
  return read.data.type === 'Sequence' ? read.data.decoders.flatMap(flatten) : [read.data];
}

function openStep(step: DecoderConfig, inText: boolean): Step {
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

function chain(steps: readonly Step[]): TextStream {
  const run = (pieces: readonly string[], from: number) =>
    steps.slice(from).reduce((now, step) => now.flatMap((piece) => step.push(piece)), pieces);
  return {
    push: (token) => run([token], 0).join(''),
    flush: () => steps.map((step, i) => run(step.flush(), i + 1).join('')).join(''),
  };
}

function eachToken(change: (token: string) => string): Step {
  return { push: (token) => [change(token)], flush: () => [] };
}

/**
 * `<0xE4>` and its like become bytes. Hugging Face judges a whole run at once: valid UTF-8 or one U+FFFD per byte, so
 * a run can only be shown when it ends.
 */
function byteFallback(): Step {
  let run: number[] = [];
  const close = (): string[] => {
    if (run.length === 0) return [];
    const bytes = Uint8Array.from(run);
    run = [];
    try {
      return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)];
    } catch {
      return Array.from(bytes, () => '\uFFFD');
    }
  };
  return {
    push(token) {
      const hex = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
      if (hex === undefined) return [...close(), token];
      run.push(Number.parseInt(hex, 16));
      return [];
    },
    flush: close,
  };
}

/** GPT-2's byte alphabet: printable bytes stand for themselves, the others for the characters from U+0100 on. */
const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = new Map(byteAlphabet());

function* byteAlphabet(): Generator<[string, number]> {
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    yield [String.fromCharCode(printable ? byte : next++), byte];
  }
}

/** Bytes of all tokens as one UTF-8 stream; a token outside the byte alphabet stands for its own UTF-8. */
function byteLevel(): Step {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push(token) {
      const bytes = Array.from(token, (character) => BYTE_OF_CHARACTER.get(character));
      const known = bytes.filter((byte) => byte !== undefined);
      const raw =
        known.length === bytes.length ? Uint8Array.from(known) : new TextEncoder().encode(token);
      return [utf8.decode(raw, { stream: true })];
    },
    flush: () => [utf8.decode()],
  };
}

function metaspace(replacement: string, dropInFirst: boolean): Step {
  let first = true;
  return {
    push(token) {
      const space = first && dropInFirst ? '' : ' ';
      first = false;
      return [token.replaceAll(replacement, space)];
    },
    flush: () => [],
  };
}

function stripToken(token: string, strip: { content: string; start: number; stop: number }) {
  let from = 0;
  while (from < Math.min(strip.start, token.length) && token[from] === strip.content) from++;
  let to = token.length;
  while (to > from && token.length - to < strip.stop && token[to - 1] === strip.content) to--;
  return token.slice(from, to);
}

/** Strips the one fused text: its end is held back as long as it may have to go. */
function stripText(strip: { content: string; start: number; stop: number }): Step {
  let atStart = strip.start;
  let held = '';
  return {
    push(piece) {
      let text = piece;
      while (atStart > 0 && text !== '') {
        if (!text.startsWith(strip.content)) atStart = 0;
        else {
          text = text.slice(1);
          atStart--;
        }
      }
      text = held + text;
      let to = text.length;
      while (text.length - to < strip.stop && to > 0 && text[to - 1] === strip.content) to--;
      held = text.slice(to);
      return [text.slice(0, to)];
    },
    flush: () => [],
  };
}

/** Replaces in the one fused text: an end that may be the start of the pattern is held back. */
function replaceInText(pattern: string, content: string): Step {
  let held = '';
  return {
    push(piece) {
      const parts = (held + piece).split(pattern);
      const last = parts.pop() ?? '';
      let keep = Math.min(pattern.length - 1, last.length);
      while (keep > 0 && !pattern.startsWith(last.slice(last.length - keep))) keep--;
      held = last.slice(last.length - keep);
      return [[...parts, last.slice(0, last.length - keep)].join(content)];
    },
    flush() {
      const rest = held;
      held = '';
      return [rest];
    },
  };
}
