import type { Drafter, TreeChoice } from '../../contracts/drafter.ts';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { readPictures } from '../../engine/border/read-pictures.ts';
import { engineOf } from '../../engine/engine.ts';
import type { Host } from '../../engine/host.ts';
import { openDrafters } from '../../engine/load/drafters.ts';
import type { Model } from '../../engine/model.ts';
import type { NormalMessage } from '../../input/messages.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import type { Dialogue } from '../data/dialogue.ts';

const MAX_TOKENS = 64;

export interface Decoded {
  readonly tokens: number;
  readonly passes: number;
}

/**
 * Tokens and passes of each dialogue's first answer, by running the decoder with a drafter: greedy, up to 64 tokens. The
 * first token is prefill's and doesn't count; an answer of one token has no pass.
 */
export async function decodeDialogues(
  dialogues: readonly Dialogue[],
  { host, model, drafter, tree }: { host: Host; model: Model; drafter: Drafter; tree: TreeChoice },
): Promise<Decoded[]> {
  const drafters = openDrafters([drafter]);
  const engine = engineOf(host, { ...model, drafters, dispose: async () => {} });
  const counts: Decoded[] = [];
  try {
    for (const dialogue of dialogues) {
      const messages = firstQuestion(dialogue);
      const asked = resolveOptions({ messages, maxTokens: MAX_TOKENS, tree });
      const request = await readPictures(asked, readPicture);
      const { ids, passes } = await engine.generate(request, () => {});
      counts.push({ tokens: ids.length - 1, passes });
    }
  } finally {
    await engine.dispose();
  }
  return counts;
}

/** The messages up to the first answer, with their pictures. */
export function firstQuestion({ messages, images }: Dialogue) {
  const end = messages.findIndex(({ role }) => role === 'assistant');
  let seen = 0;
  return messages.slice(0, end).map(({ role, content }: NormalMessage) => ({
    role,
    content: content.map((part) =>
      part.type === 'text' ? part : { type: 'image' as const, image: images[seen++] as string },
    ),
  }));
}
