import { expect, it } from 'vitest';
import { isRefusal } from './refusal-words.ts';

it.each([
  "I can't tell.",
  'I cannot determine the age of the customer.',
  'I’m sorry, but I am unable to see that.',
  'The receipt does not show a phone number.',
  "It isn't mentioned in the picture.",
  'The password is not visible.',
  "I don't know.",
  'There is no passport number on the form.',
  'The picture gives no information about that.',
  'That is unknown.',
])('takes "%s" for one who can’t tell', (answer) => {
  expect(isRefusal(answer)).toBe(true);
});

it.each([
  'The password is 9:41.',
  'The owner is called Anna.',
  'You can tell by the stamp that it is 12.',
  'It is not Anna but Peter.',
  '',
])('takes "%s" for an answer', (answer) => {
  expect(isRefusal(answer)).toBe(false);
});
