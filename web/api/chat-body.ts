import { textOf } from '../answer/answer.ts';
import type { Turn } from '../chat/conversation.ts';
import type { Settings } from '../settings/settings.ts';

type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly Part[];
}

/** A chat request whose passes are told. */
export interface ChatBody {
  readonly messages: readonly Message[];
  readonly stream: true;
  readonly temperature: number;
  readonly seed: number;
  readonly max_tokens: number;
  readonly msd: {
    readonly passes: true;
    readonly plain?: boolean;
    readonly tree?: number;
    readonly forget?: 'likely';
  };
}

/** What is asked for: a conversation up to a question, under these settings. */
export function chatBody(
  turns: readonly Turn[],
  { system, temperature, maxTokens, tree }: Settings,
  seed: number,
): ChatBody {
  const told = system.trim() === '' ? [] : [{ role: 'system', content: system } as const];
  return {
    messages: [...told, ...turns.flatMap(messagesOf)],
    ...{ stream: true, temperature, seed, max_tokens: maxTokens },
    msd: { passes: true, ...treeOf(tree) },
  };
}

/** An answer without words is left out: there is nothing in it to go on from. */
function messagesOf(turn: Turn): Message[] {
  if (turn.role === 'assistant') {
    const content = textOf(turn.answer);
    return content === '' ? [] : [{ role: 'assistant', content }];
  }
  if (turn.pictures.length === 0) return [{ role: 'user', content: turn.text }];
  const pictures = turn.pictures.map(({ url }) => ({
    ...{ type: 'image_url' as const, image_url: { url } },
  }));
  const words = turn.text === '' ? [] : [{ type: 'text' as const, text: turn.text }];
  return [{ role: 'user', content: [...pictures, ...words] }];
}

function treeOf(tree: Settings['tree']): { plain: true } | { tree: number } | object {
  if (tree === 'auto') return {};
  return tree === 'plain' ? { plain: true } : { tree };
}
