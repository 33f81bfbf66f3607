import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerEvent } from '../answer/answer-event.ts';
import { answerEvents } from './answer-events.ts';

const chunk = (msd: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: finish }], msd })}\n\n`;
const STREAM = [
  chunk({ run: { drafter: 'msd', network: true }, prompt_tokens: 7 }),
  ': still here\n\n',
  chunk({ prefill: { done: 3, total: 7 } }),
  chunk({ token: { text: 'Grüße 🦊', by: 'suffix' } }),
  chunk({
    pass: {
      ...{ target_ms: 1, draft_ms: 2, host_ms: 3 },
      tree: { nodes: [{ id: 1, token: 'a', parent: -1, by: null }], kept: [0] },
    },
  }),
  chunk({ done: { timings: { firstToken: 4, total: 9 } } }, 'stop'),
  'data: [DONE]\n\n',
].join('');
const EVENTS: AnswerEvent[] = [
  { type: 'run', run: { drafter: 'msd', network: true } as never, promptTokens: 7 },
  { type: 'read', done: 3 },
  { type: 'word', text: 'Grüße 🦊', by: 'text' },
  {
    type: 'pass',
    tree: { nodes: [{ token: 'a', parent: -1, by: null }], kept: [0] },
    times: { targetMs: 1, draftMs: 2, hostMs: 3 },
  },
  { type: 'end', finish: 'stop', clock: { firstToken: 4, total: 9 } },
];

async function read(pieces: readonly Uint8Array[]): Promise<AnswerEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const events: AnswerEvent[] = [];
  for await (const some of answerEvents(stream)) events.push(...some);
  return events;
}

describe('a stream of the server', () => {
  it('is the same events, wherever the connection cuts it', async () => {
    const bytes = new TextEncoder().encode(STREAM);
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (given) => {
        const ends = [...given, bytes.length].sort((a, b) => a - b);
        const pieces = ends.map((end, at) => bytes.slice(ends[at - 1] ?? 0, end));
        expect(await read(pieces)).toEqual(EVENTS);
      }),
    );
  });

  it('throws the error that it tells of, in the server’s words', async () => {
    const bad = 'event: error\ndata: {"error":{"message":"The engine ended."}}\n\n';
    await expect(read([new TextEncoder().encode(bad)])).rejects.toThrow('The engine ended.');
  });
});
