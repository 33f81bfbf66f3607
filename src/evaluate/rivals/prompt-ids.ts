import type { LoadOptions } from '../../contracts/load.ts';
import type { ChatMessage } from '../../contracts/messages.ts';
import { readPrompt } from '../../engine/answer/read-prompt.ts';
import { openInputs } from '../../engine/load/load-model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { normaliseMessages } from '../../input/messages.ts';
import { resolveLoadOptions } from '../../load.ts';

/** A model's words without its weights: what every engine that is measured is given. */
export interface PromptIds {
  /** The model's folder. */
  readonly folder: string;
  readonly threads: number;
  /** Ids that end an answer. */
  readonly end: readonly number[];
  readonly contextLength: number;
  /** Messages without pictures as the ids that the model reads. */
  read(messages: readonly ChatMessage[]): readonly number[];
}

/** @throws what `load` throws of tokenizers, templates and configs */
export async function openPromptIds(options: LoadOptions): Promise<PromptIds> {
  const settings = resolveLoadOptions(options);
  const host = await createNodeHost(settings);
  const inputs = await openInputs({ ...host, checkTarget: async () => {} }, settings.model);
  const { eosTokenIds, decoder } = inputs.files.config;
  const { contextLength } = decoder;
  return {
    ...{ folder: settings.model, threads: settings.threads, end: eosTokenIds, contextLength },
    read(messages) {
      const target = { contextLength };
      return [...readPrompt({ ...inputs, target }, normaliseMessages(messages), []).ids];
    },
  };
}
