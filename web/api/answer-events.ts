/** The server's stream as events of an answer (docs/serve.md). */
import { createParser } from 'eventsource-parser';
import type { AnswerEvent, Run, ServerClock } from '../answer/answer-event.ts';
import { guesserOf } from '../answer/guesser.ts';
import { AskError } from './ask-error.ts';

interface WireNode {
  readonly token: string;
  readonly parent: number;
  readonly by: string | null;
}

interface WirePass {
  readonly target_ms: number;
  readonly draft_ms: number;
  readonly host_ms: number;
  readonly tree: { readonly nodes: readonly WireNode[]; readonly kept: readonly number[] };
}

/** A chunk of a chat that asked for `msd.passes`. */
interface WireChunk {
  readonly error?: { readonly message: string };
  readonly choices?: readonly { readonly finish_reason: string | null }[];
  readonly msd?: {
    readonly run?: Run & { readonly network: boolean };
    readonly prompt_tokens?: number;
    readonly prefill?: { readonly done: number };
    readonly token?: { readonly text: string; readonly by: string };
    readonly done?: { readonly timings: ServerClock };
    readonly pass?: WirePass;
  };
}

/** @throws AskError where the chunk tells of an error */
function eventsOf({ error, choices, msd }: WireChunk, network: string | null): AnswerEvent[] {
  if (error !== undefined) throw new AskError(error.message, null);
  const finish = choices?.[0]?.finish_reason ?? null;
  return [
    ...(msd?.run
      ? [{ type: 'run', run: msd.run, promptTokens: msd.prompt_tokens ?? 0 } as const]
      : []),
    ...(msd?.prefill ? [{ type: 'read', done: msd.prefill.done } as const] : []),
    ...(msd?.token
      ? [{ type: 'word', text: msd.token.text, by: guesserOf(msd.token.by, network) } as const]
      : []),
    ...(msd?.pass ? [passEvent(msd.pass, network)] : []),
    ...(finish !== null && msd?.done
      ? [{ type: 'end', finish, clock: msd.done.timings } as const]
      : []),
  ];
}

function passEvent(pass: WirePass, network: string | null): AnswerEvent {
  const nodes = pass.tree.nodes.map(({ token, parent, by }) => ({
    ...{ token, parent, by: by === null ? null : guesserOf(by, network) },
  }));
  const times = { targetMs: pass.target_ms, draftMs: pass.draft_ms, hostMs: pass.host_ms };
  return { type: 'pass', tree: { nodes, kept: pass.tree.kept }, times };
}

/**
 * What a stream tells, as many events at a time as came together.
 * @throws AskError where the stream tells of an error
 */
export async function* answerEvents(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly AnswerEvent[], void, undefined> {
  let data: string[] = [];
  let network: string | null = null;
  const parser = createParser({ onEvent: (event) => data.push(event.data) });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      const came = data.filter((text) => text !== '[DONE]');
      data = [];
      const chunks = came.map((text) => JSON.parse(text) as WireChunk);
      for (const { msd } of chunks) if (msd?.run?.network) network = msd.run.drafter;
      if (chunks.length > 0) yield chunks.flatMap((chunk) => eventsOf(chunk, network));
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
