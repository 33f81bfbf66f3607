/** Templates that nothing for training may be drawn from: a receipt, an invoice and a form that look like no seen one. */
import { writeSheet } from '../sheet.ts';
import type { DocumentTemplate } from '../template.ts';
import {
  city,
  day,
  dayStyle,
  digits,
  firm,
  letters,
  money,
  person,
  street,
  time,
} from '../values.ts';

/** A slip of a machine at a car park: figures large, in the middle. */
export const parkingSlip: DocumentTemplate = {
  name: 'parking slip',
  kind: 'receipt',
  lay(draws, { mono, plain }) {
    const hand = { width: 340, ground: '#f7f3e8', ink: '#24303c', size: 17, margin: 24 };
    const page = writeSheet({ ...hand, font: draws.one([...mono, ...plain]) });
    const plate = `${letters(draws, 2)} ${digits(draws, 2)} ${letters(draws, 2)}`;
    const [entry, dates, amount] = [time(draws), day(draws, dayStyle(draws)), money(draws)];
    const cents = draws.whole(2, 60) * 50;
    page.patch({ x: page.middle - 30, y: 18, width: 60, height: 60, colour: '#2060b0', round: 10 });
    page.down(0.6);
    page.at(page.middle, 'P', { anchor: 'middle', size: 46, colour: '#ffffff', bold: true });
    page.down(2.1);
    page.centre(`Car park ${city(draws)}`);
    page.down(0.3);
    page.centre('Licence plate', { size: 13 });
    page.centre(plate, { size: 26, bold: true });
    page.centre('Date', { size: 13 });
    page.centre(dates[0] ?? '', { size: 20 });
    page.centre('Entry time', { size: 13 });
    page.centre(entry, { size: 26 });
    page.centre('Amount paid', { size: 13 });
    page.centre(amount(cents), { size: 30, bold: true });
    page.down(0.4);
    page.centre('Keep this slip. No change.', { size: 13 });
    return {
      sheet: page.done({ turn: draws.one([0, draws.between(-5, 5)]) }),
      fields: [
        { name: 'plate', values: [plate] },
        { name: 'entry', values: [entry] },
        { name: 'date', values: dates },
        { name: 'total', values: [amount(cents)] },
      ],
    };
  },
};

/** A bill for electricity: a column of facts beside a box with the amount. */
export const powerBill: DocumentTemplate = {
  name: 'power bill',
  kind: 'invoice',
  lay(draws, { plain, serif }) {
    const hand = { width: 680, ground: '#ffffff', ink: '#26313b', size: 16, margin: 42 };
    const page = writeSheet({ ...hand, font: draws.one([...plain, ...serif]) });
    const [company, customer] = [`${firm(draws).split(' ')[0]} Energy`, person(draws)];
    const [account, used] = [digits(draws, 8), `${draws.whole(120, 980)} kWh`];
    const [due, amount] = [day(draws, dayStyle(draws)), money(draws)];
    const cents = draws.whole(2500, 39_900);
    const accent = draws.one(['#e07a1f', '#2a9d8f', '#8a4fbf']);
    page.patch({ x: 0, y: 0, width: 14, height: 420, colour: accent });
    page.at(page.left, company, { bold: true, size: 26, colour: accent });
    page.down(1.3);
    page.at(page.left, 'Electricity bill', { size: 20 });
    page.down(1.8);
    page.patch({ x: 430, y: page.y - 34, width: 210, height: 146, colour: accent, round: 12 });
    const white = { colour: '#ffffff', anchor: 'middle' } as const;
    const facts: [string, string][] = [
      ['Customer', customer],
      ['Address', `${street(draws)}, ${city(draws)}`],
      ['Account number', account],
      ['Consumption', used],
      ['Tariff', draws.one(['Home', 'Green', 'Day and night'])],
    ];
    const box = ['Please pay', amount(cents), '', `until ${due[0]}`];
    for (const [index, [label, value]] of facts.entries()) {
      page.at(page.left, label, { size: 13, colour: '#77808a' });
      page.at(190, value, { bold: true, size: 15 });
      const size = index === 1 ? 30 : 15;
      page.at(535, box[index] ?? '', { ...white, size, bold: index === 1 });
      page.down(1.15);
    }
    page.down(0.5);
    page.rule('#c6ccd2');
    page.at(page.left, 'Questions? Write to us or visit our office.', { size: 13 });
    return {
      sheet: page.done(),
      fields: [
        { name: 'total', values: [amount(cents)] },
        { name: 'customer', values: [customer] },
        { name: 'company', values: [company] },
        { name: 'account', values: [account] },
        { name: 'consumption', values: [used] },
        { name: 'due', values: due },
      ],
    };
  },
};

/** A card of a surgery: sentences with gaps that were filled in. */
export const surgeryCard: DocumentTemplate = {
  name: 'surgery card',
  kind: 'form',
  lay(draws, { serif, plain }) {
    const hand = { width: 560, ground: draws.one(['#eef7f4', '#f3f0fa']), ink: '#2d3a38' };
    const font = draws.one([...serif, ...plain]);
    const page = writeSheet({ ...hand, font, size: 19, margin: 38 });
    const [patient, doctor, at] = [person(draws), `Dr. ${person(draws)}`, time(draws)];
    const [dates, born] = [day(draws, dayStyle(draws)), day(draws, dayStyle(draws), [1940, 2015])];
    page.centre('Appointment card', { bold: true, size: 26 });
    page.down(0.8);
    const pen = { colour: '#1b3a8a', bold: true };
    for (const [words, value] of [
      ['Patient', patient],
      ['born on', born[0]],
      ['has an appointment with', doctor],
      ['on', dates[0]],
      ['at', at],
    ] as const) {
      const start = page.left + words.length * 9.4 + 18;
      page.at(page.left, words);
      page.at(start, value ?? '', pen);
      page.patch({
        x: start - 6,
        y: page.y + 6,
        width: page.right - start,
        height: 1,
        colour: '#888',
      });
      page.down(1.3);
    }
    page.at(page.left, 'Please call us if you cannot come.', { size: 15 });
    return {
      sheet: page.done(),
      fields: [
        { name: 'patient', values: [patient] },
        { name: 'doctor', values: [doctor] },
        { name: 'appointment', values: dates },
        { name: 'born', values: born },
      ],
    };
  },
};
