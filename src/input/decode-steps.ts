/**
 * The decoders of Hugging Face's tokenizers library as transducers: tokens in, settled text out. Until something fuses
 * the tokens, pieces are whole tokens; after it they are pieces of the one text.
 */

export interface DecodeStep {
  push(piece: string): string[];
  flush(): string[];
}

/** Text that grows token by token; `flush` ends it. */
export interface TextStream {
  push(token: string): string;
  flush(): string;
}

interface Strip {
  readonly content: string;
  readonly start: number;
  readonly stop: number;
}

export function eachToken(change: (token: string) => string): DecodeStep {
  return { push: (token) => [change(token)], flush: () => [] };
}

/**
 * `<0xE4>` and its like become bytes. Hugging Face judges a whole run at once: valid UTF-8 or one U+FFFD per byte, so
 * a run can only be shown when it ends.
 */
export function byteFallback(): DecodeStep {
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

/** The bytes that a token stands for; one outside the byte alphabet stands for its own UTF-8. */
export function alphabetBytes(token: string): Uint8Array {
  const bytes = Array.from(token, (character) => BYTE_OF_CHARACTER.get(character));
  const known = bytes.filter((byte) => byte !== undefined);
  return known.length === bytes.length ? Uint8Array.from(known) : new TextEncoder().encode(token);
}

/** Bytes of all tokens as one UTF-8 stream. */
export function byteLevel(): DecodeStep {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (token) => [utf8.decode(alphabetBytes(token), { stream: true })],
    flush: () => [utf8.decode()],
  };
}

/** `▁` is a space, but in the first token nothing where the encoder had put one in front. */
export function metaspace(replacement: string, dropInFirst: boolean): DecodeStep {
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

/** Takes up to `start` and `stop` of the character off a token's ends. */
export function stripToken(token: string, strip: Strip): string {
  let from = 0;
  while (from < Math.min(strip.start, token.length) && token[from] === strip.content) from++;
  let to = token.length;
  while (to > from && token.length - to < strip.stop && token[to - 1] === strip.content) to--;
  return token.slice(from, to);
}

/** Strips the one fused text: its end is held back as long as it may have to go. */
export function stripText(strip: Strip): DecodeStep {
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
export function replaceInText(pattern: string, content: string): DecodeStep {
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
