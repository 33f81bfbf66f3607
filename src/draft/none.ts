import type { Drafter } from '../contracts/drafter.ts';
import { rootTree } from '../decode/root-tree.ts';

/** Drafts nothing: plain decoding through the same loop. */
export function createNoDrafter(): Drafter {
  return {
    name: 'none',
    open: () => {
      let length = 0;
      return {
        get length() {
          return length;
        },
        async extend(rows) {
          length += rows.next.length;
        },
        async propose(root) {
          return rootTree(root);
        },
        truncate(to) {
          length = to;
        },
        dispose() {},
      };
    },
  };
}
