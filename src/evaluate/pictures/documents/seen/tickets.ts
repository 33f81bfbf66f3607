import { writeSheet } from '../sheet.ts';
import type { DocumentTemplate } from '../template.ts';
import { cities, city, day, dayStyle, digits, letters, money, surname, time } from '../values.ts';

/** A ticket of a railway, wide and light. */
export const trainTicket: DocumentTemplate = {
  name: 'train ticket',
  kind: 'ticket',
  lay(draws, { plain, mono }) {
    const [ground, band] = draws.one([
      ['#f3f8ef', '#3a7d44'],
      ['#fdf3e7', '#c0561f'],
      ['#eef3fb', '#27548a'],
    ] as const);
    const hand = { width: 640, ground, ink: '#1f2328', size: 17, margin: 34 };
    const page = writeSheet({ ...hand, font: draws.one([...plain, ...mono]) });
    const [from = '', to = ''] = cities(draws, 2);
    const [dates, leaves] = [day(draws, dayStyle(draws)), time(draws)];
    const [seat, coach] = [`${draws.whole(1, 98)}${letters(draws, 1)}`, String(draws.whole(1, 14))];
    const fare = money(draws)(draws.whole(9, 180) * 100 + draws.one([0, 90]));
    page.patch({ x: 0, y: 0, width: hand.width, height: 68, colour: band });
    page.at(page.left, 'TRAIN TICKET', { colour: '#ffffff', bold: true, size: 20 });
    page.at(page.right, `No. ${digits(draws, 6)}`, { anchor: 'end', colour: '#ffffff', size: 15 });
    page.down(2.4);
    const grid = [
      [
        ['From', from],
        ['To', to],
      ],
      [
        ['Date', dates[0] ?? ''],
        ['Departure', leaves],
      ],
      [
        ['Coach', coach],
        ['Seat', seat],
        ['Price', fare],
      ],
    ];
    for (const line of grid) {
      const x = (index: number) => page.left + (index * (page.right - page.left)) / line.length;
      for (const [index, [label = '']] of line.entries()) {
        page.at(x(index), label, { size: 14, colour: '#667' });
      }
      page.down(0.95);
      for (const [index, [, value = '']] of line.entries()) {
        page.at(x(index), value, { size: 24, bold: true });
      }
      page.down(1.5);
    }
    page.bars(`${from}${seat}`, 400);
    return {
      sheet: page.done({ turn: draws.one([0, 0, draws.between(-3, 3)]) }),
      fields: [
        { name: 'origin', values: [from] },
        { name: 'destination', values: [to] },
        { name: 'date', values: dates },
        { name: 'departure', values: [leaves] },
        { name: 'seat', values: [seat] },
        { name: 'fare', values: [fare] },
      ],
    };
  },
};

const HALLS = ['Town Hall', 'Opera House', 'Old Brewery', 'River Stage', 'Grand Theatre', 'Dome'];

/** A ticket to a concert, dark. */
export const concertTicket: DocumentTemplate = {
  name: 'concert ticket',
  kind: 'ticket',
  lay(draws, { plain, serif }) {
    const ground = draws.one(['#241734', '#14213d', '#2b1d1d']);
    const gold = draws.one(['#f4d35e', '#ff9f80', '#9be3c1']);
    const hand = { width: 520, ground, ink: '#f5f2ea', size: 18, margin: 40 };
    const page = writeSheet({ ...hand, font: draws.one([...plain, ...serif]) });
    const band = `The ${surname(draws)} ${draws.one(['Band', 'Brothers', 'Quartet', 'Sisters', 'Trio'])}`;
    const [venue, dates] = [draws.one(HALLS), day(draws, draws.whole(2, 3))];
    const [doors, fare] = [time(draws), money(draws)(draws.whole(12, 140) * 100)];
    page.centre('LIVE IN CONCERT', { size: 15, colour: gold });
    page.down(0.5);
    page.centre(band, { size: 34, bold: true });
    page.down(0.4);
    page.centre(`${venue}, ${city(draws)}`);
    page.centre(dates[0] ?? '', { size: 22, colour: gold });
    page.down(0.4);
    page.rule(gold);
    page.pair('Doors', doors);
    page.pair('Price', fare);
    const row = `${letters(draws, 1)}${draws.whole(1, 30)}`;
    page.pair('Seat', row, { bold: true, size: 22 });
    page.down(0.6);
    page.bars(digits(draws, 8));
    return {
      sheet: page.done(),
      fields: [
        { name: 'band', values: [band] },
        { name: 'venue', values: [venue] },
        { name: 'date', values: dates },
        { name: 'doors', values: [doors] },
        { name: 'fare', values: [fare] },
        { name: 'seat', values: [row] },
      ],
    };
  },
};
