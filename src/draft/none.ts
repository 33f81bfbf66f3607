import type { Drafter } from '../contracts/drafter.ts';
import { truncatedLength } from '../model/truncated-length.ts';

/** Drafts nothing: plain decoding through the same loop. */
export function createNoDrafter(): Drafter {
  return {
    name: 'none',
    drafts: false,
    isNetwork: false,
    open() {
      let length = 0;
      return {
        get length() {
          return length;
        },
        truncate(to) {
          length = truncatedLength(length, to);
        },
        dispose() {
          length = 0;
        },
      };
    },
    run: async (jobs) => jobs.map(() => null),
  };
}
