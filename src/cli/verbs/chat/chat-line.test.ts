import { expect, it } from 'vitest';
import { type ChatLine, parseChatLine } from './chat-line.ts';

it.each<[string, ChatLine]>([
  ['', { type: 'nothing' }],
  ['  \t', { type: 'nothing' }],
  ['Hello there ', { type: 'message', text: 'Hello there' }],
  ['what is /exit?', { type: 'message', text: 'what is /exit?' }],
  [' /exit', { type: 'message', text: '/exit' }],
  ['/exit', { type: 'exit' }],
  ['/reset ', { type: 'reset' }],
  ['/help', { type: 'help' }],
  ['/image a.png', { type: 'image', file: 'a.png' }],
  ['/image  my photo.png ', { type: 'image', file: 'my photo.png' }],
  ['/image "my photo.png"', { type: 'image', file: 'my photo.png' }],
  ["/image 'my photo.png'", { type: 'image', file: 'my photo.png' }],
  ['/image', { type: 'image', file: '' }],
  ['/quit', { type: 'unknown', name: '/quit' }],
  ['/', { type: 'unknown', name: '/' }],
])('reads %j', (line, wanted) => {
  expect(parseChatLine(line)).toEqual(wanted);
});
