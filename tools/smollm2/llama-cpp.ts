import { openLlama } from '../../src/evaluate/rivals/llama-module.ts';

/** A text as ids, its first `prompt` of them given, the others somebody's greedy answer. */
export interface Spoken {
  readonly ids: readonly number[];
  readonly prompt: number;
}

/**
 * llama.cpp's own greedy token at every place of the answers, on the quantised file as it is: how many of them are the
 * token that stands there.
 * @param entry of node-llama-cpp, as `installLlama` gives it
 */
export async function agreement(
  gguf: string,
  texts: readonly Spoken[],
  entry: string,
): Promise<{ same: number; tokens: number }> {
  const { model } = await openLlama(entry, gguf);
  const context = await model.createContext({ contextSize: 2048 });
  const sequence = context.getSequence();
  let [same, tokens] = [0, 0];
  for (const { ids, prompt } of texts) {
    await sequence.clearHistory();
    const greedy = { generateNext: { token: true, options: { temperature: 0 } } } as const;
    const input = ids
      .slice(0, -1)
      .map((id, at) => (at < prompt - 1 ? id : ([id, greedy] as const)));
    const said = await sequence.controlledEvaluate(input);
    for (let at = prompt; at < ids.length; at++) {
      tokens += 1;
      if (said[at - 1]?.next.token === ids[at]) same += 1;
    }
  }
  await model.dispose();
  return { same, tokens };
}
