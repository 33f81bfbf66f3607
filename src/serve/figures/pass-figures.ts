import type { GenerateEvent } from '../../contracts/generate.ts';

/** What a streamed chunk tells of speculation, where the request asks for `msd.passes` (docs/serve.md). */
export function passFigures(event: GenerateEvent): object | undefined {
  switch (event.type) {
    case 'start': {
      const { drafter, beside, drafts, isNetwork, tree, choice, ...others } = event.run;
      const { precision, device, threads } = others;
      const guesses = { drafter, beside, drafts, network: isNetwork, tree, choice };
      const run = { ...guesses, precision, device, threads };
      return { run, prompt_tokens: event.promptTokens };
    }
    case 'prefill':
      return { prefill: { done: event.done, total: event.total } };
    case 'token':
      return { token: { id: event.id, text: event.text, by: event.by ?? 'target' } };
    case 'round': {
      const { nodes, asked, accepted, targetMs, draftMs, hostMs } = event.round;
      const times = { target_ms: targetMs, draft_ms: draftMs, host_ms: hostMs };
      return { pass: { nodes, asked, accepted, ...times, tree: event.tree ?? null } };
    }
    case 'done': {
      const { passes, tokensPerPass, trees, timings } = event.result;
      return { done: { passes, tokens_per_pass: tokensPerPass, trees, timings } };
    }
  }
}
