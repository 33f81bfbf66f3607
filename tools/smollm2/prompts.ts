import type { BenchPrompt } from '../../src/evaluate/prompt-set.ts';

/** What a small model may be asked: facts, lists, code, sums, other languages, and signs that tokenizers trip over. */
const WORDS = [
  'What is the capital of France?',
  'List three primary colours.',
  'Why is the sky blue?',
  'Write a haiku about the sea.',
  'Explain photosynthesis to a child of seven.',
  'Write a Python function that reverses a string.',
  'What is 17 + 25? Show how you get there.',
  'Name the planets from the sun outwards.',
  'Translate "good morning, my friend" into Spanish.',
  'Give me a short recipe for pancakes.',
  'Who wrote "Romeo and Juliet", and when?',
  'Tell me a story about a lighthouse keeper.',
  'What are the advantages of trains over cars?',
  'Write an e-mail that asks for a day off.',
  'Was ist der Unterschied zwischen Wetter und Klima?',
  'Résume en une phrase : « Le chat dort sur le café ☕ ».',
  'Continue: 2, 4, 8, 16, ',
  'Fix this JSON: {"a": 1, "b": [2, 3}',
  'What does `ls -la | grep "\\.ts$"` do?',
  'Describe the smell of rain in two sentences.',
];

export const PROMPTS: readonly BenchPrompt[] = WORDS.map((name) => ({
  name,
  images: 0,
  messages: [{ role: 'user', content: name }],
}));
