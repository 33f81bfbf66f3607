import { describe, expect, it } from 'vitest';
import { plotShares } from './plot-shares.ts';

const plot = (bars: Parameters<typeof plotShares>[0]['bars']) =>
  plotShares({ title: 'Where time goes', xTitle: 'Milliseconds', bars });

describe('plotShares', () => {
  it('draws a bar for each, its parts in one colour in all', async () => {
    const svg = await plot([
      { name: 'plain', parts: { target: 9, host: 1 } },
      { name: 'speculative', parts: { target: 4, host: 1 } },
    ]);
    for (const word of ['plain', 'speculative', 'target', 'host', 'Milliseconds'])
      expect(svg).toContain(`>${word}</text>`);
    expect(svg?.match(/<path[^>]*fill="#0072b2"/g), 'target: bars and legend').toHaveLength(3);
  });

  it('is none without a bar', async () => {
    expect(await plot([])).toBeNull();
  });
});
