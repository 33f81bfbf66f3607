/** What stands in made-up forms: under which labels, how one asks for it, and values of it. */
import {
  city,
  day,
  digits,
  letters,
  type money,
  person,
  phone,
  time,
} from '../../src/evaluate/pictures/documents/values.ts';
import type { Draws } from '../../src/evaluate/pictures/draws.ts';

/** How one form writes dates and amounts. */
export interface Style {
  readonly day: number;
  readonly money: ReturnType<typeof money>;
}

export interface Entry {
  readonly labels: readonly string[];
  readonly asks: readonly string[];
  readonly value: (draws: Draws, style: Style) => string;
}

const list = (text: string): string[] => text.split(', ');

const dated =
  (years: readonly [number, number] = [2019, 2026]): Entry['value'] =>
  (draws, style) =>
    day(draws, style.day, years)[0] as string;

const amount =
  (low: number, high: number): Entry['value'] =>
  (draws, style) =>
    style.money(draws.whole(low, high) * draws.one([1, 10, 50, 100]));

const oneOf =
  (text: string): Entry['value'] =>
  (draws) =>
    draws.one(list(text));

const measured =
  (low: number, high: number, unit: string): Entry['value'] =>
  (draws) =>
    `${draws.whole(low, high)}${unit}`;

/** Codes as machines and offices give them; many have spaces, and are one all the same. */
const code: Entry['value'] = (draws) =>
  draws.one([
    () => `${letters(draws, 2)}-${digits(draws, 4)}`,
    () => digits(draws, draws.whole(4, 7)),
    () => `${digits(draws, 3)} ${digits(draws, 3)}`,
    () => `${letters(draws, 1)}${digits(draws, 2)} ${digits(draws, 3)} ${letters(draws, 1)}`,
    () => `${letters(draws, 3)} ${digits(draws, 4)}`,
    () => `${digits(draws, 2)} ${letters(draws, 2)} ${digits(draws, 2)}`,
    () => `${digits(draws, 2)}/${digits(draws, 4)}`,
  ])();

const spot: Entry['value'] = (draws) =>
  draws.chance(0.5)
    ? String(draws.whole(1, 120))
    : `${letters(draws, 1)}${draws.one(['', '-'])}${draws.whole(1, 60)}`;

const role = (name: string, ...labels: string[]): Entry => ({
  labels: [name[0]?.toUpperCase() + name.slice(1), ...labels],
  asks: [`Who is the ${name}?`, `What is the name of the ${name}?`],
  value: person,
});

const thing = (
  name: string,
  labels: readonly string[],
  value: Entry['value'],
  ...asks: string[]
): Entry => ({ labels, asks: [`What is the ${name}?`, ...asks], value });

/** No two of them mean the same, so that what a form does not have, it does not tell. */
export const ENTRIES: readonly Entry[] = [
  thing('date of issue', ['Issued', 'Issued on', 'Made out'], dated(), 'When was it issued?'),
  thing('expiry date', ['Valid until', 'Expires', 'Good through'], dated(), 'When does it expire?'),
  thing('first day', ['Start', 'Begins', 'First day'], dated(), 'When does it start?'),
  thing('last day', ['End', 'Ends', 'Last day'], dated(), 'When does it end?'),
  thing('date of birth', ['Born', 'DOB', 'Birth date'], dated([1940, 2016]), 'When was she born?'),
  thing('due date', ['Due', 'Pay by', 'Deadline'], dated(), 'When is it due?'),
  thing('date of the inspection', ['Inspection', 'Checked on'], dated(), 'When was it checked?'),
  thing('arrival date', ['Arrival', 'Check-in'], dated(), 'When does the guest arrive?'),
  thing('date of return', ['Return by', 'Back on'], dated(), 'When must it be returned?'),
  thing('total', ['To pay', 'Sum', 'Amount', 'Paid'], amount(40, 900), 'How much is the total?'),
  thing('deposit', ['Deposit', 'Down payment'], amount(20, 400), 'How much is the deposit?'),
  thing('discount', ['Discount', 'You save'], amount(5, 90), 'How much is the discount?'),
  thing('rent', ['Rent', 'Monthly rent'], amount(300, 1900), 'How much is the rent?'),
  thing('postage', ['Postage', 'Shipping'], amount(2, 60), 'How much does shipping cost?'),
  thing('refund', ['Refund', 'You get back'], amount(10, 300), 'How much is paid back?'),
  thing('opening time', ['Opens', 'Open from'], time, 'At what time does it open?'),
  thing('closing time', ['Closes', 'Open until'], time, 'At what time does it close?'),
  thing('pick-up time', ['Pick-up', 'Collect at'], time, 'At what time is it picked up?'),
  thing('time of the lesson', ['Lesson at', 'Class at'], time, 'At what time is the lesson?'),
  role('guest', 'Booked for'),
  role('driver'),
  role('teacher', 'Taught by'),
  role('nurse', 'Seen by'),
  role('technician', 'Repaired by'),
  role('manager'),
  role('owner', 'Belongs to'),
  role('tenant'),
  role('student', 'Pupil'),
  role('member', 'Name of member'),
  thing('membership number', ['Member no.', 'Membership'], code, 'Which member number is it?'),
  thing('case number', ['Case', 'Case no.', 'File'], code, 'Which case is it?'),
  thing('serial number', ['Serial no.', 'S/N'], code, 'Which serial number does it have?'),
  thing('booking code', ['Booking', 'Reservation'], code, 'Which booking code is on it?'),
  thing('policy number', ['Policy', 'Policy no.'], code, 'Which policy is it?'),
  thing('vehicle', ['Vehicle', 'Car'], code, 'Which vehicle is it?'),
  thing('voucher code', ['Voucher', 'Code'], code, 'Which code does the voucher have?'),
  thing('room', ['Room', 'Room no.'], spot, 'Which room is it?', 'In which room is it?'),
  thing('locker', ['Locker', 'Locker no.'], spot, 'Which locker is it?'),
  thing('shelf', ['Shelf', 'Stored at'], spot, 'On which shelf is it?'),
  thing('stand', ['Stand', 'Booth'], spot, 'Which stand is it?'),
  thing('floor', ['Floor', 'Level'], measured(0, 24, ''), 'On which floor is it?'),
  thing('branch', ['Branch', 'Office in'], city, 'In which city is the office?'),
  thing('place of birth', ['Birthplace', 'Native of'], city, 'Where was the person born?'),
  thing('distance', ['Distance', 'Driven'], measured(2, 900, ' km'), 'How far is it?'),
  thing('temperature', ['Temperature', 'Keep at'], measured(2, 40, ' C'), 'How warm is it?'),
  thing('duration', ['Duration', 'Takes'], measured(5, 180, ' min'), 'How long does it take?'),
  thing('height', ['Height', 'Tall'], measured(120, 210, ' cm'), 'How tall is it?'),
  thing('power', ['Power', 'Max. power'], measured(20, 3000, ' W'), 'How many watts has it?'),
  thing('age', ['Age', 'Aged'], measured(1, 99, ''), 'How old is the person?'),
  thing('quantity', ['Quantity', 'Pieces'], measured(1, 500, ''), 'How many pieces are there?'),
  thing('colour', ['Colour', 'Paint'], oneOf('Red, Dark blue, Grey, White, Green, Silver')),
  thing('fuel', ['Fuel', 'Runs on'], oneOf('Petrol, Diesel, Electric, Hybrid, Gas')),
  thing('subject', ['Subject', 'Course'], oneOf('Biology, French, Art history, Chess, Music')),
  thing('breed', ['Breed', 'Kind'], oneOf('Poodle, Beagle, Siamese, Terrier, Greyhound')),
  thing('grade', ['Grade', 'Mark'], oneOf('A, B+, C-, 84 of 100, 2.3, Very good, Pass')),
  thing('reason', ['Reason', 'Because of'], oneOf('Broken screen, Late, Moving out, Holiday')),
  thing('way of payment', ['Paid with', 'Payment'], oneOf('Card, Cash, Bank transfer, Cheque')),
  thing('emergency number', ['Emergency', 'In need call'], phone, 'Whom can one call?'),
];

/** What one may ask of any form and none has. */
export const NOWHERE: readonly string[] = [
  ...['What is the website?', 'What is the middle name?', 'Who is the father?'],
  ...['What is the postcode?', 'Who made this form?', 'How many pages are there?'],
  ...['What is the name of the lawyer?', 'How much does the person earn?'],
  ...['What is the tax number?', 'Which school is near?', 'What is the name of the dog?'],
  ...['How many people live there?', 'What is the fax number?', 'How old is the company?'],
  ...['Which church is it?', 'Who signed it?', 'What is the user name?', 'Who took the photo?'],
  ...['How long is the warranty?', 'What is the name of the street?', 'Who is the insurer?'],
  ...['What is the nationality?', 'How many employees are there?', 'What is the blood type?'],
  ...['Which airline is it?', 'What was the weather like?', 'Who is the wife?'],
];
