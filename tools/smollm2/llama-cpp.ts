import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './fetch-model.ts';

const VERSION = '3.22.1';

/** The part of node-llama-cpp that is used here. */
interface LlamaModule {
  getLlama(options: { gpu: false; build: 'never'; logLevel: 'error' }): Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      createContext(options: { contextSize: number }): Promise<{ getSequence(): LlamaSequence }>;
      dispose(): Promise<void>;
    }>;
  }>;
}

interface LlamaSequence {
  clearHistory(): Promise<void>;
  controlledEvaluate(
    input: readonly (
      | number
      | readonly [number, { generateNext: { token: true; options: object } }]
    )[],
  ): Promise<readonly ({ readonly next: { readonly token?: number | null } } | undefined)[]>;
}

/** A text as ids, its first `prompt` of them given, the others somebody's greedy answer. */
export interface Spoken {
  readonly ids: readonly number[];
  readonly prompt: number;
}

/**
 * llama.cpp's own greedy token at every place of the answers, on the quantised file as it is: how many of them are the
 * token that stands there. Installs node-llama-cpp the first time, its prebuilt binary included; it is never built.
 */
export async function agreement(
  gguf: string,
  texts: readonly Spoken[],
  cache: string,
): Promise<{ same: number; tokens: number }> {
  const { getLlama } = await llamaModule(join(cache, `node-llama-cpp-${VERSION}`));
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: gguf });
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

async function llamaModule(dir: string): Promise<LlamaModule> {
  const entry = join(dir, 'node_modules/node-llama-cpp/dist/index.js');
  if (!existsSync(entry)) {
    await mkdir(dir, { recursive: true });
    const flags = ['--prefix', dir, '--no-save', '--ignore-scripts'];
    await run('npm', ['install', ...flags, `node-llama-cpp@${VERSION}`]);
  }
  return import(pathToFileURL(entry).href);
}
