/** Python's `strftime` in the C locale, as far as chat templates write dates. */
import { refuse } from './refuse.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const two = (n: number) => String(n).padStart(2, '0');
const DIRECTIVES: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  '-d': (date) => String(date.getDate()),
  '-H': (date) => String(date.getHours()),
  '-I': (date) => String(date.getHours() % 12 || 12),
  '-m': (date) => String(date.getMonth() + 1),
  A: (date) => DAYS[date.getDay()] ?? '',
  a: (date) => (DAYS[date.getDay()] ?? '').slice(0, 3),
  B: (date) => MONTHS[date.getMonth()] ?? '',
  b: (date) => (MONTHS[date.getMonth()] ?? '').slice(0, 3),
  d: (date) => two(date.getDate()),
  e: (date) => String(date.getDate()).padStart(2),
  F: (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  H: (date) => two(date.getHours()),
  I: (date) => two(date.getHours() % 12 || 12),
  M: (date) => two(date.getMinutes()),
  m: (date) => two(date.getMonth() + 1),
  p: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
  S: (date) => two(date.getSeconds()),
  T: (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
  Y: (date) => String(date.getFullYear()),
  y: (date) => two(date.getFullYear() % 100),
};

/** Local time of `date` in the given format; refuses directives that it does not know. */
export function strftime(date: Date, format: string): string {
  return format.replace(/%(-?[\s\S]?)/g, (directive, letter: string) => {
    const write = DIRECTIVES[letter];
    return write === undefined ? refuse(`the date format "${directive}"`) : write(date);
  });
}
