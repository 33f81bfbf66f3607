import { writeSheet } from '../sheet.ts';
import type { DocumentTemplate, Field } from '../template.ts';
import {
  day,
  dayStyle,
  digits,
  dishes,
  forename,
  goods,
  money,
  shop,
  street,
  time,
} from '../values.ts';

const PAPER = ['#ffffff', '#fbfaf5', '#f4f4f1'];

/** A narrow slip of a till. */
export const tillReceipt: DocumentTemplate = {
  name: 'till receipt',
  kind: 'receipt',
  lay(draws, { mono }) {
    const paper = writeSheet({
      ...{ width: draws.whole(350, 430), ground: draws.one(PAPER), ink: '#222222', margin: 26 },
      ...{ font: draws.one(mono), size: draws.whole(16, 19) },
    });
    const [name, at, clerk] = [shop(draws), time(draws), forename(draws)];
    const [dates, amount] = [day(draws, dayStyle(draws)), money(draws)];
    paper.centre(name.toUpperCase(), { bold: true, size: 24 });
    paper.centre(street(draws));
    paper.down(0.4);
    paper.pair(dates[0] ?? '', at);
    paper.pair(`Cashier: ${clerk}`, `#${digits(draws, 4)}`);
    paper.rule();
    const bought = goods(draws, draws.whole(3, 6)).map((article) => ({
      article,
      cents: draws.whole(49, 1999),
    }));
    for (const { article, cents } of bought) paper.pair(article, amount(cents));
    paper.rule();
    const sum = bought.reduce((total, { cents }) => total + cents, 0);
    const tax = Math.round(sum * 0.08);
    const given = Math.ceil((sum + tax + 1) / 1000) * 1000;
    paper.pair('SUBTOTAL', amount(sum));
    paper.pair('TAX 8%', amount(tax));
    paper.pair('TOTAL', amount(sum + tax), { bold: true, size: 22 });
    paper.down(0.3);
    paper.pair('CASH', amount(given));
    paper.pair('CHANGE', amount(given - sum - tax));
    paper.down(0.5);
    paper.bars(digits(draws, 10));
    paper.centre(draws.one(['THANK YOU!', 'PLEASE COME AGAIN', 'HAVE A NICE DAY']));
    return {
      sheet: paper.done({ turn: draws.one([0, 0, draws.between(-4, 4)]) }),
      fields: [
        { name: 'total', values: [amount(sum + tax)] },
        { name: 'tax', values: [amount(tax)] },
        { name: 'change', values: [amount(given - sum - tax)] },
        { name: 'shop', values: [name] },
        { name: 'cashier', values: [clerk] },
        { name: 'date', values: dates },
        { name: 'time', values: [at] },
        ...bought.map(
          ({ article, cents }): Field => ({ name: 'price', of: article, values: [amount(cents)] }),
        ),
      ],
    };
  },
};

/** A bill that a waiter brings. */
export const cafeBill: DocumentTemplate = {
  name: 'café bill',
  kind: 'receipt',
  lay(draws, { plain, serif }) {
    const paper = writeSheet({
      ...{ width: 420, ground: draws.one(PAPER), ink: draws.one(['#2b2118', '#1d2b22']) },
      ...{ font: draws.one([...plain, ...serif]), size: 18, margin: 34 },
    });
    const [name, table, waiter] = [`Café ${forename(draws)}`, draws.whole(1, 40), forename(draws)];
    const [dates, amount] = [day(draws, dayStyle(draws)), money(draws)];
    paper.centre(name, { bold: true, size: 30 });
    paper.centre(street(draws), { size: 15 });
    paper.down(0.4);
    paper.pair(`Table ${table}`, dates[0] ?? '');
    paper.at(paper.left, `You were served by ${waiter}`, { size: 16 });
    paper.down();
    paper.rule();
    const eaten = dishes(draws, draws.whole(2, 5)).map((dish) => ({
      dish,
      cents: draws.whole(25, 240) * 10,
    }));
    for (const { dish, cents } of eaten) paper.pair(`1  ${dish}`, amount(cents));
    paper.rule();
    const sum = eaten.reduce((total, { cents }) => total + cents, 0);
    paper.patch({
      ...{ x: paper.left - 8, y: paper.y - 24, width: paper.right - paper.left + 16, height: 36 },
      ...{ colour: '#2b2118', hollow: true },
    });
    paper.pair('Total', amount(sum), { bold: true, size: 22 });
    paper.down(0.6);
    paper.centre('Service is not included.', { size: 14 });
    return {
      sheet: paper.done(),
      fields: [
        { name: 'total', values: [amount(sum)] },
        { name: 'table', values: [String(table)] },
        { name: 'date', values: dates },
        ...eaten.map(
          ({ dish, cents }): Field => ({ name: 'price', of: dish, values: [amount(cents)] }),
        ),
      ],
    };
  },
};
