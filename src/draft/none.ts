import type { Drafter, DraftState } from '../contracts/drafter.ts';
import { rootTree } from '../decode/root-tree.ts';
import { truncatedLength } from '../model/truncated-length.ts';

/** Drafts nothing: plain decoding through the same loop. */
export function createNoDrafter(): Drafter {
  return { name: 'none', open: openState };
}

function openState(): DraftState {
  let length = 0;
  return {
    get length() {
      return length;
    },
    async extend(rows) {
      length += rows.next.length;
    },
    propose: async (root) => rootTree(root),
    truncate(to) {
      length = truncatedLength(length, to);
    },
    dispose() {
      length = 0;
    },
  };
}
