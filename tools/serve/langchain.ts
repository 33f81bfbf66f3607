/** LangChain.js against a server, installed beside the cache when it is first asked for. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { runProgram } from '../../src/evaluate/rivals/run-program.ts';

/** The newest that runs on Node 20. */
const PACKAGES = ['@langchain/openai@1.5.0', '@langchain/core@1.4.0'];

/** The part of `ChatOpenAI` that is used here. */
interface Chat {
  invoke(asked: Asked): Promise<Said>;
  stream(asked: Asked, options?: { signal: AbortSignal }): Promise<AsyncIterable<Said>>;
  bindTools(tools: readonly object[], options: object): Chat;
  withStructuredOutput(
    schema: z.ZodType,
    options: { method: string },
  ): { invoke(asked: Asked): Promise<unknown> };
}
type Asked = string | readonly unknown[];
interface Said {
  readonly content: string;
  readonly tool_calls?: readonly { readonly id: string; readonly args: object }[];
  readonly usage_metadata?: { readonly input_tokens: number; readonly total_tokens: number };
  concat(next: Said): Said;
}
type Open = (more?: object) => Chat;

/** @param say told that it installs */
export async function openLangChain(
  cache: string,
  url: string,
  model: string,
  say: (line: string) => void,
): Promise<Open> {
  const dir = join(cache, 'langchain-1.5.0');
  const entry = join(dir, 'node_modules/@langchain/openai/dist/index.js');
  if (!existsSync(entry)) {
    say(`Installing ${PACKAGES.join(' ')} into ${dir}; once only …`);
    await mkdir(dir, { recursive: true });
    await runProgram('npm', [
      'install',
      '--prefix',
      dir,
      '--no-save',
      '--ignore-scripts',
      ...PACKAGES,
    ]);
  }
  const { ChatOpenAI } = await import(pathToFileURL(entry).href);
  return (more = {}) =>
    new ChatOpenAI({
      ...{ model, apiKey: 'any', temperature: 0, maxTokens: 200, maxRetries: 0 },
      ...{ configuration: { baseURL: `${url}/v1` }, ...more },
    });
}

const Shape = z.strictObject({ colour: z.string().max(12), sides: z.int().min(3).max(9) });
const DRAW = 'Draw a circle.';
const TOOL = {
  type: 'function',
  function: { name: 'draw', description: 'Draws a shape.', parameters: z.toJSONSchema(Shape) },
};

async function joined(pieces: AsyncIterable<Said>): Promise<Said> {
  let all: Said | undefined;
  for await (const piece of pieces) all = all === undefined ? piece : all.concat(piece);
  assert(all !== undefined, 'a stream without a piece');
  return all;
}

/** What is asked, by name; each throws where it goes otherwise than with OpenAI. */
export const langChainChecks = (
  open: Open,
  picture: string,
): Readonly<Record<string, () => Promise<void>>> => ({
  async 'LangChain.js chat'() {
    const whole = await open().invoke(DRAW);
    const streamed = await joined(await open().stream(DRAW));
    assert(whole.content !== '');
    assert.equal(streamed.content, whole.content);
    assert((whole.usage_metadata?.total_tokens ?? 0) > 0);
  },
  async 'LangChain.js picture'() {
    const url = `data:image/png;base64,${readFileSync(picture).toString('base64')}`;
    const text = { type: 'text', text: 'Describe the picture.' };
    const look = (content: readonly object[]) => open().invoke([{ role: 'user', content }]);
    const seen = await look([{ type: 'image_url', image_url: { url } }, text]);
    const words = await look([text]);
    assert((seen.usage_metadata?.input_tokens ?? 0) > (words.usage_metadata?.input_tokens ?? 0));
  },
  async 'LangChain.js schema'() {
    for (const method of ['jsonSchema', 'functionCalling']) {
      Shape.parse(await open().withStructuredOutput(Shape, { method }).invoke(DRAW));
    }
  },
  async 'LangChain.js tools'() {
    const bound = open().bindTools([TOOL], { tool_choice: 'any', parallel_tool_calls: false });
    const first = await bound.invoke(DRAW);
    const [call] = first.tool_calls ?? [];
    Shape.parse(call?.args);
    const told = { role: 'tool', content: 'It is drawn.', tool_call_id: call?.id };
    const second = await bound.invoke([{ role: 'user', content: DRAW }, first, told]);
    assert(
      (second.usage_metadata?.input_tokens ?? 0) > (first.usage_metadata?.input_tokens ?? Infinity),
    );
    const streamed = await joined(await bound.stream(DRAW));
    assert.deepEqual(streamed.tool_calls?.[0]?.args, call?.args);
  },
  async 'LangChain.js abort'() {
    const leave = new AbortController();
    const endless = open({ modelKwargs: { ignore_eos: true }, maxTokens: 900 });
    let pieces = 0;
    const heard = (async () => {
      for await (const _ of await endless.stream(DRAW, { signal: leave.signal })) {
        pieces += 1;
        if (pieces === 3) leave.abort();
      }
    })();
    await heard.catch(() => {});
    assert(leave.signal.aborted && pieces < 100, `${pieces} pieces came`);
  },
  async 'LangChain.js errors'() {
    const refused = open({ topP: 7 }).invoke('Draw.');
    await assert.rejects(refused, { param: 'top_p', status: 400 });
  },
});
