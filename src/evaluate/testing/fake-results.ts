import type { GenerateOptions, GenerateResult, RoundStats } from '../../contracts/generate.ts';
import type { ModelInfo } from '../../contracts/load.ts';
import { wholeAnswer } from '../../engine/border/whole-answer.ts';
import type { load, MsdModel } from '../../load.ts';
import type { BenchPrompt } from '../prompt-set.ts';

/** A result of `ids`, in one round of `decodeMs` in the target, and `draftMs` in the draft. */
export function fakeResult(given: {
  ids: readonly number[];
  decodeMs?: number;
  draftMs?: number;
  rounds?: readonly RoundStats[];
  run?: Partial<GenerateResult['run']>;
  trees?: GenerateResult['trees'];
  vision?: number;
}): GenerateResult {
  const { ids, decodeMs = 10, draftMs = 0, vision = 0 } = given;
  const rounds = given.rounds ?? [fakeRound({ targetMs: decodeMs })];
  return {
    text: '',
    ids,
    finishReason: 'stop',
    promptTokens: 7,
    cachedTokens: 0,
    passes: rounds.length,
    tokensPerPass: (ids.length - 1) / rounds.length,
    acceptedPerPass: rounds.map(({ accepted }) => accepted),
    run: {
      ...{ model: '/model', draft: '/draft', drafter: 'msd', precision: 'fp32' },
      beside: null,
      ...{ drafts: true, isNetwork: true },
      ...{ device: 'cpu', threads: 2, tree: 'auto', choice: 'tree 8,4,4, since it pays' },
      ...given.run,
    },
    trees: given.trees ?? { '8,4,4': rounds.length },
    rounds,
    timings: {
      ...{ vision, prefill: 5, target: decodeMs, draft: draftMs, host: 0 },
      total: vision + 5 + decodeMs + draftMs,
      firstToken: vision + 5,
    },
  };
}

export function fakeRound(given: Partial<RoundStats> = {}): RoundStats {
  return {
    nodes: 8,
    asked: true,
    accepted: 1,
    levels: [],
    targetMs: 1,
    draftMs: 0,
    hostMs: 0.1,
    ...given,
  };
}

export function fakePrompt(name: string): BenchPrompt {
  return { name, images: 0, messages: [{ role: 'user', content: name }] };
}

/** A model that answers at once, and the requests that reached it. */
export function fakeModel(answer: (options: GenerateOptions) => GenerateResult): {
  readonly load: typeof load;
  readonly requests: GenerateOptions[];
  readonly model: MsdModel;
} {
  const requests: GenerateOptions[] = [];
  const generate: MsdModel['generate'] = async function* (options) {
    requests.push(options);
    const result = answer(options);
    yield { type: 'start', run: result.run, promptTokens: result.promptTokens };
    const finishReason = options.signal?.aborted ? 'cancelled' : result.finishReason;
    yield { type: 'done', result: { ...result, finishReason } };
  };
  const dispose = async () => {};
  const complete: MsdModel['complete'] = (options) => wholeAnswer(generate(options));
  const model = {
    info,
    generate,
    complete,
    forget: () => {},
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
  return { load: async () => model, requests, model };
}

const info: ModelInfo = {
  ...{ model: '/model', draft: '/draft', device: 'cpu', threads: 2, drafters: [], family: 'llava' },
  ...{ precision: 'fp32', contextLength: 64, hiddenSize: 4, layers: 1, vocabSize: 16 },
  ...{ parameters: 2_200_000, draftParameters: 500_000, weightBytes: 4, cacheBytesPerToken: 4 },
  ...{ imageTokens: 4, unapplied: [] },
  costs: {
    target: [
      { rows: 1, ms: 1 },
      { rows: 8, ms: 2 },
    ],
    draftLevel: 0.5,
    host: 0.1,
    cached: false,
  },
};
