import type { ByteState } from '../automaton.ts';

/**
 * A text that may be read from a state on, by random steps; after `most` bytes the first steps that lead to an end. Null
 * where that takes too long.
 * @param random numbers from 0 to 1
 */
export function randomText(from: ByteState, random: () => number, most = 60): string | null {
  const bytes: number[] = [];
  for (let state = from; bytes.length < 4 * most; ) {
    const next = Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => state.step(byte) !== null,
    );
    const ends = next.length === 0 || bytes.length > most || random() < 0.1;
    if (state.accepts && ends) return new TextDecoder().decode(Uint8Array.from(bytes));
    // Quotes, brackets and the like end things, so that texts come to an end.
    const closing = next.filter((byte) => [0x22, 0x5d, 0x7d].includes(byte));
    const chosen = closing.length > 0 && (bytes.length > most || random() < 0.3) ? closing : next;
    const byte = chosen[Math.floor(random() * chosen.length)] as number;
    bytes.push(byte);
    state = state.step(byte) as ByteState;
  }
  return null;
}
