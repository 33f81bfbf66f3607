import type {
  Drafter,
  DraftRows,
  DraftState,
  DraftTree,
  Hints,
  TreeShape,
} from '../../contracts/drafter.ts';
import { rootTree } from '../../decode/tree-shape.ts';

/** One text of a drafter, alone in its jobs. */
export interface DraftText {
  readonly state: DraftState;
  readonly length: number;
  extend(...rows: readonly DraftRows[]): Promise<void>;
  /** The tree below a root; the root alone where the drafter grows none. */
  propose(root: number, shape: TreeShape, hints?: Hints): Promise<DraftTree>;
  truncate(length: number): void;
  dispose(): void;
}

export function openText(drafter: Drafter): DraftText {
  const state = drafter.open();
  return {
    state,
    get length() {
      return state.length;
    },
    async extend(...rows) {
      await drafter.run([{ state, rows }]);
    },
    async propose(root, shape, hints) {
      const [tree] = await drafter.run([{ state, rows: [], grow: { ...hints, root, shape } }]);
      return tree ?? rootTree(root);
    },
    truncate: (length) => state.truncate(length),
    dispose: () => state.dispose(),
  };
}
