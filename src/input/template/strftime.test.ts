import { expect, it } from 'vitest';
import { UnsupportedTemplateError } from '../../contracts/errors.ts';
import { strftime } from './strftime.ts';

const morning = new Date(2026, 1, 3, 0, 5, 9);

it.each([
  ['%d %b %Y', '03 Feb 2026'],
  ['%A, %B %d', 'Tuesday, February 03'],
  ['%a %y-%m-%d', 'Tue 26-02-03'],
  ['%H:%M:%S', '00:05:09'],
  ['%I %p', '12 AM'],
  ['%F %T', '2026-02-03 00:05:09'],
  ['%e %-d/%-m, %-I %p and %-H h', ' 3 3/2, 12 AM and 0 h'],
  ['100%%', '100%'],
])('writes %s as Python does in the C locale', (format, text) => {
  expect(strftime(morning, format)).toBe(text);
});

it.each(['%Q', '%-A', 'at %'])('refuses the directive in "%s"', (format) => {
  expect(() => strftime(morning, format)).toThrow(UnsupportedTemplateError);
});
