import type { Draws } from '../../draws.ts';
import { type SheetWriter, writeSheet } from '../sheet.ts';
import type { DocumentTemplate, Field } from '../template.ts';
import {
  city,
  day,
  dayStyle,
  digits,
  firm,
  type Money,
  money,
  person,
  services,
  street,
} from '../values.ts';

interface Content {
  readonly company: string;
  readonly customer: string;
  readonly number: string;
  readonly dates: readonly string[];
  readonly due: readonly string[];
  readonly amount: Money;
  readonly lines: readonly { readonly service: string; readonly cents: number }[];
  readonly total: number;
  readonly fields: readonly Field[];
}

function draw(draws: Draws): Content {
  const [company, customer] = [firm(draws), person(draws)];
  const [number, style] = [`${draws.one(['INV-', 'R', ''])}${digits(draws, 5)}`, dayStyle(draws)];
  const dates = day(draws, style, [2020, 2022]);
  const [due, amount] = [day(draws, style, [2023, 2025]), money(draws)];
  const lines = services(draws, draws.whole(2, 4)).map((service) => ({
    service,
    cents: draws.whole(20, 900) * 100 + draws.one([0, 50]),
  }));
  const total = lines.reduce((sum, { cents }) => sum + cents, 0);
  const fields: Field[] = [
    { name: 'total', values: [amount(total)] },
    { name: 'invoice', values: [number] },
    { name: 'customer', values: [customer] },
    { name: 'company', values: [company] },
    { name: 'due', values: due },
    ...lines.map(
      ({ service, cents }): Field => ({ name: 'price', of: service, values: [amount(cents)] }),
    ),
  ];
  return { company, customer, number, dates, due, amount, lines, total, fields };
}

/** A letter with a table in it. */
export const letterInvoice: DocumentTemplate = {
  name: 'letter invoice',
  kind: 'invoice',
  lay(draws, { serif, plain }) {
    const hand = { width: 700, ground: '#ffffff', ink: '#1c1c1c', size: 17, margin: 56 };
    const page = writeSheet({ ...hand, font: draws.one([...serif, ...plain]) });
    const content = draw(draws);
    const { company, customer, number, dates, due } = content;
    page.at(page.right, company, { anchor: 'end', bold: true, size: 22 });
    page.down();
    page.at(page.right, `${street(draws)}, ${city(draws)}`, { anchor: 'end', size: 14 });
    page.down(1.6);
    page.at(page.left, customer);
    page.down();
    page.at(page.left, street(draws));
    page.down();
    page.at(page.left, city(draws));
    page.down(1.6);
    page.at(page.left, 'Invoice', { bold: true, size: 26 });
    page.down(1.2);
    for (const [label, value] of [
      ['Invoice number:', number],
      ['Date:', dates[0]],
      ['Due date:', due[0]],
    ] as const) {
      page.at(page.left, label);
      page.at(220, value ?? '');
      page.down();
    }
    page.down(0.5);
    table(page, content);
    page.at(page.left, 'Thank you for your business.');
    return { sheet: page.done(), fields: content.fields };
  },
};

/** A band of colour at the top, facts beside each other. */
export const bandInvoice: DocumentTemplate = {
  name: 'band invoice',
  kind: 'invoice',
  lay(draws, { plain }) {
    const hand = { width: 720, ground: '#ffffff', ink: '#2a2f36', size: 16, margin: 48 };
    const page = writeSheet({ ...hand, font: draws.one(plain) });
    const content = draw(draws);
    const band = draws.one(['#15616d', '#7b2d26', '#3d348b', '#33658a']);
    page.patch({ x: 0, y: 0, width: hand.width, height: 104, colour: band });
    page.at(page.left, content.company, { colour: '#ffffff', bold: true, size: 28 });
    page.at(page.right, 'INVOICE', { anchor: 'end', colour: '#ffffff', size: 24 });
    page.down(3.3);
    const facts = [
      ['NUMBER', content.number],
      ['DATE', content.dates[0] ?? ''],
      ['DUE', content.due[0] ?? ''],
      ['BILLED TO', content.customer],
    ];
    for (const [part, size] of [[0, 12] as const, [1, 16] as const]) {
      for (const [index, fact] of facts.entries()) {
        const colour = part === 0 ? '#7a808a' : hand.ink;
        page.at(page.left + index * 158, fact[part] ?? '', { size, colour, bold: part === 1 });
      }
      page.down(0.9);
    }
    page.down();
    table(page, content);
    return { sheet: page.done(), fields: content.fields };
  },
};

function table(page: SheetWriter, { lines, amount, total }: Content): void {
  page.pair('Description', 'Amount', { bold: true });
  page.rule();
  for (const { service, cents } of lines) page.pair(service, amount(cents));
  page.rule();
  page.pair('Total', amount(total), { bold: true, size: 20 });
  page.down();
}
