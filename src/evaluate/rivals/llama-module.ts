/** llama.cpp as npm has it built: node-llama-cpp, installed beside the cache when it is first asked for, never compiled. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../../files/make-folder.ts';
import { runProgram } from './run-program.ts';

export const LLAMA_VERSION = '3.22.1';

/** The part of node-llama-cpp that is used here. */
interface LlamaModule {
  getLlama(options: {
    gpu: false;
    build: 'never';
    logLevel: 'error';
    /** 0: as many as a context asks for. */
    maxThreads: 0;
  }): Promise<{ loadModel(options: { modelPath: string }): Promise<LlamaModel> }>;
  InputLookupTokenPredictor: new () => LookupPredictor;
}

export interface LlamaModel {
  /** As `llama 135M Q4_1`. */
  readonly typeDescription: string;
  createContext(options: {
    contextSize: number;
    threads?: number;
    flashAttention?: boolean;
  }): Promise<LlamaContext>;
  dispose(): Promise<void>;
}

export interface LlamaContext {
  getSequence(options?: { tokenPredictor: LookupPredictor }): LlamaSequence;
  dispose(): Promise<void>;
}

export interface LlamaSequence {
  clearHistory(): Promise<void>;
  evaluate(
    tokens: number[],
    options: { temperature: 0; yieldEogToken: true },
  ): AsyncGenerator<number, void, undefined>;
  controlledEvaluate(
    input: readonly (
      | number
      | readonly [number, { generateNext: { token: true; options: object } }]
    )[],
  ): Promise<readonly ({ readonly next: { readonly token?: number | null } } | undefined)[]>;
}

/** Its own prompt lookup. */
export interface LookupPredictor {
  updateInputTokens(tokens: readonly number[]): void;
}

/**
 * The entry of the package, installed without any script of its own.
 * @param say told that it installs
 * @throws ProgramError if npm can't install it
 */
export async function installLlama(cache: string, say: (line: string) => void): Promise<string> {
  const dir = join(cache, `node-llama-cpp-${LLAMA_VERSION}`);
  const entry = join(dir, 'node_modules/node-llama-cpp/dist/index.js');
  if (!existsSync(entry)) {
    say(`Installing node-llama-cpp ${LLAMA_VERSION} into ${dir}; once only …`);
    await makeFolder(dir);
    const flags = ['--prefix', dir, '--no-save', '--ignore-scripts'];
    await runProgram('npm', ['install', ...flags, `node-llama-cpp@${LLAMA_VERSION}`]);
  }
  return entry;
}

/** @param entry of the installed package */
export async function openLlama(
  entry: string,
  gguf: string,
): Promise<{ model: LlamaModel; lookup: () => LookupPredictor }> {
  const module: LlamaModule = await import(pathToFileURL(entry).href);
  const { getLlama, InputLookupTokenPredictor } = module;
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: 0 });
  const model = await llama.loadModel({ modelPath: gguf });
  return { model, lookup: () => new InputLookupTokenPredictor() };
}
