import type { Pass } from '../answer/answer.ts';

const guess = (token: string, parent: number) => ({ token, parent, by: 'draft' as const });

/** What is drawn before anything was asked. */
export const EXAMPLE_PASS: Pick<Pass, 'tree' | 'words'> = {
  tree: {
    nodes: [
      { token: 'the', parent: -1, by: null },
      guess('dog', 0),
      guess('cat', 0),
      guess('chases', 1),
      guess('runs', 1),
      guess('sleeps', 2),
      guess('a', 3),
      guess('after', 4),
      guess('red', 6),
      guess('stick', 6),
      guess('it', 7),
    ],
    kept: [0, 1, 3, 6, 8],
  },
  words: [
    { text: ' dog', by: 'draft' },
    { text: ' chases', by: 'draft' },
    { text: ' a', by: 'draft' },
    { text: ' red', by: 'draft' },
    { text: ' ball', by: 'target' },
  ],
};
