/** Templates that nothing for training may be drawn from: a screen and a ticket that look like no seen one. */
import { writeSheet } from '../sheet.ts';
import type { DocumentTemplate } from '../template.ts';
import { cities, day, digits, letters, money, person, shop, time } from '../values.ts';

/** A page of a bank, with a side bar and a list of payments. */
export const accountScreen: DocumentTemplate = {
  name: 'bank account',
  kind: 'screen',
  lay(draws, { plain }) {
    const hand = { width: 760, ground: '#f5f6fa', ink: '#1e2433', size: 16, margin: 36 };
    const page = writeSheet({ ...hand, font: draws.one(plain) });
    const side = draws.one(['#1f2a44', '#0f3d3e', '#3a1f44']);
    const [holder, amount] = [person(draws), money(draws)];
    const [account, cents] = [digits(draws, 9), draws.whole(10_000, 2_500_000)];
    const start = 220;
    page.patch({ x: 0, y: 0, width: 180, height: 460, colour: side });
    const menu = ['Overview', 'Payments', 'Cards', 'Savings', 'Messages', 'Help', 'Log out'];
    const rest = Array.from({ length: 4 }, () => ({
      name: shop(draws),
      value: `-${amount(draws.whole(150, 9900))}`,
    }));
    const lines: [string, string][] = [
      ['Account holder', holder],
      ['Account number', account],
      ['Balance', amount(cents)],
    ];
    page.patch({ x: start - 16, y: 28, width: 540, height: 128, colour: '#ffffff', round: 10 });
    for (const [index, item] of menu.entries()) {
      page.at(24, item, { colour: '#dfe4f0', bold: index === 0 });
      const [label, value] = lines[index] ?? [];
      const payment = rest[index - lines.length];
      if (label !== undefined && value !== undefined) {
        page.at(start, label, { size: 15, colour: '#6b7285' });
        page.at(page.right, value, { anchor: 'end', bold: true, size: index === 2 ? 26 : 18 });
      } else if (payment !== undefined) {
        page.at(start, payment.name);
        page.at(page.right, payment.value, { anchor: 'end' });
        page.patch({ x: start, y: page.y + 12, width: 504, height: 1, colour: '#d5d9e3' });
      }
      page.down(index === 2 ? 2.1 : 1.5);
    }
    return {
      sheet: { ...page.done(), height: 460 },
      fields: [
        { name: 'holder', values: [holder] },
        { name: 'account', values: [account] },
        { name: 'balance', values: [amount(cents)] },
      ],
    };
  },
};

/** A boarding pass with a part to tear off. */
export const boardingPass: DocumentTemplate = {
  name: 'boarding pass',
  kind: 'ticket',
  lay(draws, { plain, mono }) {
    const hand = { width: 780, ground: '#ffffff', ink: '#20262e', size: 16, margin: 36 };
    const page = writeSheet({ ...hand, font: draws.one([...plain, ...mono]) });
    const colour = draws.one(['#0b4f8a', '#8a1538', '#146356']);
    const [from = '', to = ''] = cities(draws, 2);
    const passenger = person(draws);
    const flight = `${letters(draws, 2)} ${draws.whole(100, 9999)}`;
    const [seat, gate] = [
      `${draws.whole(1, 42)}${letters(draws, 1)}`,
      `${letters(draws, 1)}${draws.whole(1, 60)}`,
    ];
    const [boarding, dates] = [time(draws), day(draws, 2)];
    page.patch({ x: 0, y: 0, width: hand.width, height: 70, colour });
    page.at(page.left, 'BOARDING PASS', { colour: '#ffffff', bold: true, size: 20 });
    page.at(page.right, 'ECONOMY', { colour: '#ffffff', anchor: 'end', size: 16 });
    for (let y = 78; y < 290; y += 14)
      page.patch({ x: 574, y, width: 2, height: 8, colour: '#b5bac2' });
    page.down(2.6);
    const stub = [passenger, `${from} - ${to}`, flight, seat];
    const lines = [
      [
        ['PASSENGER', passenger],
        ['FLIGHT', flight],
      ],
      [
        ['FROM', from],
        ['TO', to],
        ['DATE', dates[0] ?? ''],
      ],
      [
        ['GATE', gate],
        ['BOARDING', boarding],
        ['SEAT', seat],
      ],
    ];
    for (const [index, line] of lines.entries()) {
      const x = (at: number) => page.left + (at * 530) / line.length;
      for (const [at, [label = '']] of line.entries())
        page.at(x(at), label, { size: 12, colour: '#6d7580' });
      page.down(0.85);
      for (const [at, [, value = '']] of line.entries())
        page.at(x(at), value, { size: 21, bold: true });
      page.at(596, stub[index] ?? '', { size: 15 });
      page.down(1.5);
    }
    return {
      sheet: page.done(),
      fields: [
        { name: 'passenger', values: [passenger] },
        { name: 'flight', values: [flight] },
        { name: 'origin', values: [from] },
        { name: 'destination', values: [to] },
        { name: 'gate', values: [gate] },
        { name: 'boarding', values: [boarding] },
        { name: 'seat', values: [seat] },
      ],
    };
  },
};
