import { expect, it } from 'vitest';
import { type ChatLine, parseChatLine } from './chat-line.ts';

it.each<[string, ChatLine]>([
  ['', { type: 'nothing' }],
  ['  \t', { type: 'nothing' }],
  ['Hello there ', { type: 'message', text: 'Hello there' }],
  ['what is /exit?', { type: 'message', text: 'what is /exit?' }],
  [' /exit', { type: 'message', text: '/exit' }],
  ['/exit\nof a paste', { type: 'message', text: '/exit\nof a paste' }],
  ['/exit', { type: 'exit', rest: '' }],
  ['/reset ', { type: 'reset', rest: '' }],
  ['/image a.png', { type: 'image', rest: 'a.png' }],
  ['/image  "my photo.png" ', { type: 'image', rest: '"my photo.png"' }],
  ['/system Answer in one word.', { type: 'system', rest: 'Answer in one word.' }],
  ['/quit', { type: 'unknown', name: '/quit' }],
  ['/', { type: 'unknown', name: '/' }],
])('reads %j', (line, wanted) => {
  expect(parseChatLine(line)).toEqual(wanted);
});
