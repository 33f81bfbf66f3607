import type { Drafter, DraftState } from '../contracts/drafter.ts';
import { truncatedLength } from '../model/truncated-length.ts';
import type { DrafterWithoutDraft } from './built-in-drafter.ts';

export const none = {
  name: 'none',
  how: 'plain',
  drafts: false,
  open: () => createNoDrafter(),
} as const satisfies DrafterWithoutDraft;

/** Drafts nothing: plain decoding through the same loop. */
export function createNoDrafter(): Drafter {
  const lengths = new WeakMap<DraftState, number>();
  const lengthOf = (state: DraftState) => lengths.get(state) ?? 0;
  return {
    name: 'none',
    drafts: false,
    isNetwork: false,
    open() {
      const state: DraftState = {
        get length() {
          return lengthOf(state);
        },
        truncate(to) {
          lengths.set(state, truncatedLength(lengthOf(state), to));
        },
        dispose() {
          lengths.delete(state);
        },
      };
      return state;
    },
    async run(jobs) {
      return jobs.map(({ state, rows }) => {
        const read = rows.reduce((sum, { next }) => sum + next.length, 0);
        lengths.set(state, lengthOf(state) + read);
        return null;
      });
    },
  };
}
