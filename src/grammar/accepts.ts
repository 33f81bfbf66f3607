import type { ByteState } from './automaton.ts';

/** Whether a whole text may be read from a state on. */
export function accepts(from: ByteState, text: string): boolean {
  let state: ByteState | null = from;
  for (const byte of new TextEncoder().encode(text)) {
    state = state.step(byte);
    if (state === null) return false;
  }
  return state.accepts;
}
