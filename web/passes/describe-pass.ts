import type { Pass } from '../answer/answer.ts';
import { visibleToken } from './visible-token.ts';

/** A pass in a sentence, for who does not see its drawing. */
export function describePass({ tree, words }: Pick<Pass, 'tree' | 'words'>): string {
  if (tree === null) return 'The prompt’s own pass, which gave the first token.';
  const [root] = tree.nodes;
  const kept = tree.kept.slice(1).map((at) => quoted(tree.nodes[at]?.token ?? ''));
  const guesses = tree.nodes.length - 1;
  const after = `After ${quoted(root?.token ?? '')}`;
  const own =
    words.at(-1)?.by === 'target' ? `, then ${quoted(words.at(-1)?.text ?? '')} of its own` : '';
  if (guesses === 0)
    return `${after}, nothing was guessed; the model wrote ${quoted(words.at(-1)?.text ?? '')}.`;
  const what = kept.length === 0 ? 'the model kept none' : `the model kept ${kept.join(' ')}`;
  return `${after}, ${guesses} ${guesses === 1 ? 'guess' : 'guesses'}; ${what}${own}.`;
}

const quoted = (token: string): string => `“${visibleToken(token.trim() || token)}”`;
