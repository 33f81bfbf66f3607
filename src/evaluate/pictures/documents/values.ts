/** What stands in documents: names, places, goods, amounts, dates, all drawn. */
import type { Draws } from '../draws.ts';
import { groupThousands } from '../group-thousands.ts';

const FORENAMES =
  'Anna Bruno Carla David Elena Felix Grace Henry Irene James Karen Lucas Maria Nora Oscar Paula Robert Sofia Thomas Vera'.split(
    ' ',
  );
const SURNAMES =
  'Adams Bauer Castro Dubois Ellis Fischer Garcia Hansen Jensen Kowalski Lopez Miller Novak Olsen Parker Romano Silva Turner Weber Young'.split(
    ' ',
  );
const CITIES =
  'Berlin Boston Chicago Denver Dublin Geneva Hamburg Leeds Lisbon London Lyon Madrid Milan Oslo Paris Porto Prague Rome Seattle Vienna'.split(
    ' ',
  );
const STREETS = ['Bridge Street', 'Garden Road', 'High Street', 'Lake Avenue', 'Mill Lane'];
const GOODS =
  'apples bananas bread butter candles carrots cheese coffee cookies eggs flour grapes honey lemons milk mushrooms noodles onions pears pepper potatoes rice salad soap sugar tea tomatoes towels yogurt'.split(
    ' ',
  );
const DISHES = [
  ...['burger', 'cappuccino', 'cheesecake', 'espresso', 'fish soup', 'green salad', 'lemonade'],
  ...['omelette', 'pancakes', 'pasta', 'sandwich', 'tomato soup'],
];
const SERVICES = [
  ...['cleaning', 'consulting', 'delivery', 'design', 'installation', 'maintenance', 'painting'],
  ...['printing', 'repair', 'training', 'translation', 'transport'],
];
const SHOP_HEADS = ['Blue', 'Corner', 'Golden', 'Green', 'Harbour', 'Maple', 'River', 'Silver'];
const SHOP_TAILS = ['Bakery', 'Books', 'Foods', 'Market', 'Pharmacy', 'Store'];
const FIRM_TAILS = ['Consulting', 'Design', 'Energy', 'Logistics', 'Partners', 'Systems', 'Works'];

export const forename = (draws: Draws): string => draws.one(FORENAMES);
export const surname = (draws: Draws): string => draws.one(SURNAMES);
export const person = (draws: Draws): string => `${forename(draws)} ${surname(draws)}`;
export const city = (draws: Draws): string => draws.one(CITIES);
export const street = (draws: Draws): string => `${draws.whole(1, 180)} ${draws.one(STREETS)}`;
export const shop = (draws: Draws): string => `${draws.one(SHOP_HEADS)} ${draws.one(SHOP_TAILS)}`;
export const firm = (draws: Draws): string => `${surname(draws)} ${draws.one(FIRM_TAILS)}`;
export const phone = (draws: Draws): string => `${draws.whole(201, 989)}-555-${digits(draws, 4)}`;

/** So many of a list, each once. */
function several(draws: Draws, from: readonly string[], count: number): string[] {
  const left = [...from];
  return Array.from(
    { length: count },
    () => left.splice(draws.whole(0, left.length - 1), 1)[0] as string,
  );
}

export const goods = (draws: Draws, count: number): string[] => several(draws, GOODS, count);
export const dishes = (draws: Draws, count: number): string[] => several(draws, DISHES, count);
export const services = (draws: Draws, count: number): string[] => several(draws, SERVICES, count);
export const cities = (draws: Draws, count: number): string[] => several(draws, CITIES, count);

export const digits = (draws: Draws, count: number): string =>
  Array.from({ length: count }, () => draws.whole(0, 9)).join('');

export const letters = (draws: Draws, count: number): string =>
  Array.from({ length: count }, () => draws.one([...'ABCDEFGHKLMNPRSTUVWXYZ'])).join('');

/** How amounts are written on a document. */
export type Money = (cents: number) => string;

export function money(draws: Draws): Money {
  const sign = draws.one(['$', '£', '€', '']);
  return (cents) => {
    const [whole = '', rest] = (cents / 100).toFixed(2).split('.');
    return `${sign}${groupThousands(whole)}.${rest}`;
  };
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'],
  ...['October', 'November', 'December'],
];

const two = (value: number): string => String(value).padStart(2, '0');

/** A day as it is printed, then in words both ways round; dates of one document share `style`. */
export function day(
  draws: Draws,
  style: number,
  [from, to]: readonly [number, number] = [2019, 2026],
): string[] {
  const [d, m, y] = [draws.whole(1, 28), draws.whole(1, 12), draws.whole(from, to)];
  const month = MONTHS[m - 1] ?? '';
  const styles = [
    `${two(d)}.${two(m)}.${y}`,
    `${y}-${two(m)}-${two(d)}`,
    `${d} ${month.slice(0, 3)} ${y}`,
    `${month} ${d}, ${y}`,
  ];
  const printed = styles[style % styles.length] ?? '';
  return [...new Set([printed, `${d} ${month} ${y}`, `${month} ${d}, ${y}`])];
}

export const dayStyle = (draws: Draws): number => draws.whole(0, 3);

export const time = (draws: Draws): string =>
  `${two(draws.whole(7, 21))}:${two(draws.whole(0, 59))}`;
