import { decoderSteps } from './decode-ids.ts';
import { alphabetBytes } from './decode-steps.ts';

/** What tokens write, each by itself. */
export interface TokenBytes {
  /** The bytes of UTF-8 that a token adds to a text. */
  readonly of: (token: string) => Uint8Array;
  /** Whether a space at the beginning of a text is left out. */
  readonly dropsFirstSpace: boolean;
}

/**
 * How the `decoder` of tokenizer.json writes a token, wherever it stands; null where that depends on its neighbours.
 * @throws TokenizerError for a decoder that is not known
 */
export function tokenBytes(decoder: unknown, cleanUpSpaces: boolean): TokenBytes | null {
  if (cleanUpSpaces) return null;
  const steps = decoderSteps(decoder);
  if (steps.some(({ type }) => type === 'ByteLevel')) {
    return { of: alphabetBytes, dropsFirstSpace: false };
  }
  const change: ((token: string) => string)[] = [];
  let [fused, dropsFirstSpace] = [false, false];
  for (const step of steps) {
    if (step.type === 'Fuse') fused = true;
    else if (step.type === 'Strip') {
      if (!fused || step.content !== ' ' || step.start > 1 || step.stop > 0) return null;
      dropsFirstSpace = step.start === 1;
    } else if (fused) return null;
    else if (step.type === 'Replace') {
      change.push((token) => token.replaceAll(step.pattern.String, () => step.content));
    } else if (step.type === 'Metaspace') {
      change.push((token) => token.replaceAll(step.replacement, ' '));
      dropsFirstSpace = step.prepend_scheme !== 'never' && step.add_prefix_space;
    }
  }
  const fallback = steps.some(({ type }) => type === 'ByteFallback');
  const encoder = new TextEncoder();
  return {
    dropsFirstSpace,
    of: (token) => {
      const byte = fallback ? /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1] : undefined;
      if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
      return encoder.encode(change.reduce((now, one) => one(now), token));
    },
  };
}
