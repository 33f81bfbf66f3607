import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { ChatMessage } from '../../src/contracts/messages.ts';
import { CheckFailure } from '../python/check-failure.ts';

const WORKER = fileURLToPath(new URL('worker.py', import.meta.url));

const names = z.array(z.string());
const loaded = z.object({
  versions: z.string(),
  /** How many the files hold. */
  tensors: z.int(),
  /** Those that don't stand in the model bit by bit. */
  unused: names,
  missing: names,
  unexpected: names,
  mismatched: names,
  /** Ids that end an answer. */
  end: z.array(z.int()),
});
const answered = z.object({ promptTokens: z.int(), ids: z.array(z.int()) });
const judged = z.object({ shortfalls: z.array(z.number()) });

export type LoadedByHuggingFace = z.infer<typeof loaded>;

/** A greedy answer, end token included. */
export interface Answer {
  readonly promptTokens: number;
  readonly ids: readonly number[];
}

/** A model folder in the hands of Hugging Face's own code. */
export interface HuggingFace {
  readonly loaded: LoadedByHuggingFace;
  answer(messages: readonly ChatMessage[]): Promise<Answer>;
  /** Reads a given answer; per id, how far its logit is below the highest of its place. */
  judge(messages: readonly ChatMessage[], ids: readonly number[]): Promise<number[]>;
  close(): Promise<void>;
}

/** @throws CheckFailure if it ends by itself; what it said stands on standard error */
export async function openHuggingFace(
  python: string,
  folder: string,
  maxTokens: number,
): Promise<HuggingFace> {
  const child = spawn(python, [WORKER, folder, String(maxTokens)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  child.stdin.on('error', () => {}); // it ended: the missing reply tells
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const reply = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new CheckFailure('Hugging Face gave up on the folder; see above.');
    return JSON.parse(value);
  };
  const ask = (request: object) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return reply();
  };
  return {
    loaded: loaded.parse(await reply()),
    answer: async (messages) => answered.parse(await ask({ messages })),
    judge: async (messages, ids) => judged.parse(await ask({ messages, ids })).shortfalls,
    async close() {
      child.stdin.end();
      await exit;
    },
  };
}
