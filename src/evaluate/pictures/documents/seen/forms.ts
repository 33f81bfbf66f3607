import { writeSheet } from '../sheet.ts';
import type { DocumentTemplate, Field } from '../template.ts';
import {
  city,
  day,
  dayStyle,
  digits,
  forename,
  letters,
  person,
  phone,
  street,
  surname,
} from '../values.ts';

const INKS = ['#1b3a8a', '#222222', '#0f4d3a'];

/** Boxes that were filled in, each under its label. */
export const registrationForm: DocumentTemplate = {
  name: 'registration',
  kind: 'form',
  lay(draws, { plain, others }) {
    const hand = { width: 680, ground: '#ffffff', ink: '#333333', size: 16, margin: 44 };
    const page = writeSheet({ ...hand, font: draws.one(plain) });
    const [pen, written] = [draws.one(INKS), draws.one([...others, ...plain])];
    page.at(page.left, draws.one(['Registration form', 'Membership form', 'Course registration']), {
      ...{ size: 28, bold: true },
    });
    page.down(1.4);
    page.at(page.left, 'Please write in capital letters or type.', { size: 14 });
    page.down(1.5);
    const fields: Field[] = [
      { name: 'surname', values: [surname(draws)] },
      { name: 'forename', values: [forename(draws)] },
      { name: 'born', values: day(draws, dayStyle(draws), [1950, 2008]) },
      { name: 'phone', values: [phone(draws)] },
      { name: 'city', values: [city(draws)] },
    ];
    const labels = ['Last name', 'First name', 'Date of birth', 'Phone number', 'City'];
    const boxes = [...fields.map(({ values }) => values[0] ?? ''), street(draws)];
    for (const [index, text] of boxes.entries()) {
      const x = index % 2 === 0 ? page.left : 360;
      page.at(x, labels[index] ?? 'Street', { size: 14, colour: '#666666' });
      page.patch({
        ...{ x, y: page.y + 8, width: 276, height: 38 },
        ...{ colour: '#8a8f98', hollow: true, round: 3 },
      });
      page.down(1.15);
      page.at(x + 12, text, { size: 20, colour: pen, font: written });
      page.down(index % 2 === 0 ? -1.15 : 1.6);
    }
    page.patch({
      ...{ x: page.left, y: page.y - 14, width: 18, height: 18 },
      ...{ colour: '#8a8f98', hollow: true },
    });
    page.at(page.left + 3, '×', { size: 22, colour: pen });
    page.at(page.left + 30, 'I agree to the terms of use.');
    return { sheet: page.done(), fields };
  },
};

/** A label of a parcel: labels on the left, a line to write upon on the right. */
export const parcelForm: DocumentTemplate = {
  name: 'parcel',
  kind: 'form',
  lay(draws, { plain, serif }) {
    const hand = { width: 600, ground: '#fffdf2', ink: '#222222', size: 18, margin: 40 };
    const page = writeSheet({ ...hand, font: draws.one([...plain, ...serif]) });
    const tracking = `${letters(draws, 2)} ${digits(draws, 4)} ${digits(draws, 4)}`;
    const weight = `${draws.whole(1, 19)}.${draws.whole(1, 9)} kg`;
    const [sender, recipient, dates] = [person(draws), person(draws), day(draws, dayStyle(draws))];
    page.patch({ x: 14, y: 18, width: 572, height: 54, colour: draws.one(['#c8102e', '#0a5c36']) });
    page.centre('PARCEL', { colour: '#ffffff', bold: true, size: 26 });
    page.down(0.7);
    const lines: [string, string][] = [
      ['Sender', sender],
      ['Address', `${street(draws)}, ${city(draws)}`],
      ['Recipient', recipient],
      ['Address', `${street(draws)}, ${city(draws)}`],
      ['Weight', weight],
      ['Date', dates[0] ?? ''],
      ['Tracking number', tracking],
    ];
    for (const [label, value] of lines) {
      page.at(page.left, `${label}:`, { size: 16 });
      page.at(230, value, { size: 20, bold: true });
      page.patch({ x: 224, y: page.y + 7, width: 336, height: 1, colour: '#999999' });
      page.down(1.25);
    }
    page.bars(tracking, 320);
    return {
      sheet: page.done({ turn: draws.one([0, 0, draws.between(-3, 3)]) }),
      fields: [
        { name: 'sender', values: [sender] },
        { name: 'recipient', values: [recipient] },
        { name: 'weight', values: [weight] },
        { name: 'date', values: dates },
        { name: 'tracking', values: [tracking, tracking.replaceAll(' ', '')] },
      ],
    };
  },
};
