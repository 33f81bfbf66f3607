import { describe, expect, it } from 'vitest';
import { CHAT, chat, toyServer } from './testing/toy-server.ts';

interface Told {
  readonly run?: { readonly drafter: string; readonly tree: string };
  readonly prompt_tokens?: number;
  readonly prefill?: { readonly done: number; readonly total: number };
  readonly token?: { readonly text: string; readonly by: string };
  readonly pass?: { readonly nodes: number; readonly accepted: number; readonly tree: object };
}

/** What a stream tells beside its words. */
async function told(msd: object): Promise<Told[]> {
  const server = await toyServer();
  const answer = await chat(server, { ...CHAT, stream: true, msd });
  const events = (await answer.text()).split('\n\n').filter((event) => event.startsWith('data: {'));
  return events.flatMap((event) => (JSON.parse(event.slice(6)) as { msd?: Told }).msd ?? []);
}

describe('a stream whose passes are told', () => {
  it('says first what runs, then how far the prompt is read', async () => {
    const [first, ...others] = await told({ passes: true });
    expect(first).toMatchObject({ run: { tree: 'auto' }, prompt_tokens: expect.any(Number) });
    const read = others.flatMap(({ prefill }) => prefill ?? []).at(-1);
    expect(read?.done).toBe(read?.total);
  });

  it('tells after the tokens of a pass what that pass verified', async () => {
    const events = await told({ passes: true, tree: 4 });
    let since = 0;
    const passes = events.flatMap(({ token, pass }) => {
      since += Number(token !== undefined);
      if (pass === undefined) return [];
      const tokens = since;
      since = 0;
      return [{ ...pass, tokens }];
    });
    const [first, ...more] = passes.slice(0, -1); // a limit may cut the last
    expect(first?.tokens).toBe(2 + (first?.accepted ?? 0)); // the prompt's own token too
    expect(more.map(({ tokens }) => tokens)).toEqual(more.map(({ accepted }) => accepted + 1));
    expect(Math.max(...passes.map(({ nodes }) => nodes))).toBe(4);
  });

  it('has plain passes alone, where that is asked for', async () => {
    const passes = (await told({ passes: true, plain: true })).flatMap(({ pass }) => pass ?? []);
    expect(new Set(passes.map(({ nodes }) => nodes))).toEqual(new Set([1]));
  });
});

describe('a request that forgets', () => {
  it('reads its prompt anew, where it forgets all', async () => {
    const server = await toyServer();
    const cached = async (msd: object) => {
      const answer = (await (await chat(server, { ...CHAT, msd })).json()) as {
        usage: { prompt_tokens_details: { cached_tokens: number } };
      };
      return answer.usage.prompt_tokens_details.cached_tokens;
    };
    expect(await cached({})).toBe(0);
    expect(await cached({ forget: 'likely' })).toBeGreaterThan(0);
    expect(await cached({ forget: 'all' })).toBe(0);
  });
});
