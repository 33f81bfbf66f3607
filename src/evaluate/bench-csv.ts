import type { BenchReport } from './bench-report.ts';

const HEAD = [
  ...['drafter', 'tree', 'task', 'prompt', 'pictures', 'prompt_tokens', 'tokens', 'passes'],
  ...['tokens_per_pass', 'first', 'plain_decode_ms', 'speculative_decode_ms', 'plain_whole_ms'],
  ...['speculative_whole_ms', 'speed_up', 'differs_at'],
];

/**
 * A bench report as comma-separated values, a line a pair, for those who go on computing. Tokens and passes are of the
 * prompt's last speculative answer; times are milliseconds; what there is none of is empty.
 */
export function benchCsv({ variants }: BenchReport): string {
  const lines = variants.flatMap(({ drafter, tree, prompts, pairs }) =>
    pairs.map(({ prompt, first, plain, speculative, speedUp, differsAt }) => {
      const asked = prompts.find(({ index }) => index === prompt);
      return [
        ...[drafter, tree, asked?.task, asked?.name, asked?.images, asked?.promptTokens],
        ...[asked?.tokens, asked?.passes, asked?.tokensPerPass, first],
        ...[plain.decode, speculative.decode, plain.whole, speculative.whole, speedUp, differsAt],
      ];
    }),
  );
  return [HEAD, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** As RFC 4180 has it. */
function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
