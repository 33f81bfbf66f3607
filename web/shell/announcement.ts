import { textOf } from '../answer/answer.ts';
import type { Turn } from '../chat/conversation.ts';

/** What a screen reader is told of the latest turn: that it runs, and at its end all of it, not word by word. */
export function announcement(last: Turn | undefined): string {
  if (last?.role !== 'assistant') return '';
  const { answer } = last;
  switch (answer.state) {
    case 'waiting':
    case 'reading':
    case 'writing':
      return 'The model is answering.';
    case 'done':
      return `Answer: ${textOf(answer)}`;
    case 'stopped':
      return `Stopped. So far: ${textOf(answer)}`;
    case 'failed':
      return ''; // its alert says it
  }
}
