import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AnswerFigures } from '../work/answer-record.ts';

/** What gauges read when they are asked. */
export interface Levels {
  readonly running: () => number;
  readonly waiting: () => number;
  readonly ready: () => boolean;
  readonly lost: () => number;
}

export interface Prometheus {
  readonly observe: (figures: AnswerFigures) => void;
  readonly answered: (route: string, status: number) => void;
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384];

/** Figures of all answers: under vLLM's names where it has them, others as `msd:`. */
export function createPrometheus(model: string, levels: Levels): Prometheus {
  const registry = new Registry();
  registry.setDefaultLabels({ model_name: model });
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(read());
      },
    });
  gauge('vllm:num_requests_running', 'Answers that run.', levels.running);
  gauge('vllm:num_requests_waiting', 'Answers that wait for a place.', levels.waiting);
  gauge('msd:engine_ready', '1 while a model is loaded.', () => Number(levels.ready()));
  gauge('msd:engines_lost', 'Engines that ended by themselves.', levels.lost);
  const prompt = counter('vllm:prompt_tokens_total', 'Tokens of prompts.');
  const generated = counter('vllm:generation_tokens_total', 'Tokens of answers.');
  const queries = counter('vllm:prefix_cache_queries_total', 'Prompt tokens looked up in caches.');
  const hits = counter('vllm:prefix_cache_hits_total', 'Prompt tokens found there.');
  const succeeded = counter('vllm:request_success_total', 'Answers that ended.', [
    'finished_reason',
  ]);
  const failed = counter('msd:request_failures_total', 'Answers that failed or were left.');
  const responses = counter('msd:http_responses_total', 'HTTP answers.', ['route', 'status']);
  const drafts = counter('vllm:spec_decode_num_drafts_total', 'Passes with guesses.');
  const drafted = counter('vllm:spec_decode_num_draft_tokens_total', 'Tokens guessed.');
  const kept = counter('vllm:spec_decode_num_accepted_tokens_total', 'Guessed tokens kept.');
  const keptAt = counter(
    'vllm:spec_decode_num_accepted_tokens_per_pos_total',
    'Guessed tokens kept, by their place in a pass.',
    ['position'],
  );
  const first = histogram('vllm:time_to_first_token_seconds', 'To the first token.', SECONDS);
  const between = histogram('vllm:inter_token_latency_seconds', 'Between two tokens.', SECONDS);
  const whole = histogram('vllm:e2e_request_latency_seconds', 'From asked to answered.', SECONDS);
  const queue = histogram('vllm:request_queue_time_seconds', 'Waited for a place.', SECONDS);
  const vision = histogram('msd:image_encode_seconds', 'Pictures decoded and seen.', SECONDS);
  const prompts = histogram('vllm:request_prompt_tokens', 'Tokens of a prompt.', TOKENS);
  const answers = histogram('vllm:request_generation_tokens', 'Tokens of an answer.', TOKENS);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered: (route, status) => responses.inc({ route, status: String(status) }),
    observe({ queueMs, firstTokenMs, gaps, totalMs, result }) {
      queue.observe(queueMs / 1000);
      whole.observe(totalMs / 1000);
      if (firstTokenMs !== null) first.observe(firstTokenMs / 1000);
      for (const { ms, tokens } of gaps) {
        for (let one = 0; one < tokens; one += 1) between.observe(ms / 1000 / tokens);
      }
      if (result === null) return failed.inc();
      succeeded.inc({ finished_reason: result.finishReason });
      prompt.inc(result.promptTokens);
      generated.inc(result.ids.length);
      queries.inc(result.promptTokens);
      hits.inc(result.cachedTokens);
      prompts.observe(result.promptTokens);
      answers.observe(result.ids.length);
      if (result.timings.vision > 0) vision.observe(result.timings.vision / 1000);
      for (const { nodes, accepted } of result.rounds) {
        if (nodes < 2) continue;
        drafts.inc();
        drafted.inc(nodes - 1);
        kept.inc(accepted);
        for (let at = 0; at < accepted; at += 1) keptAt.inc({ position: String(at) });
      }
    },
  };
}
