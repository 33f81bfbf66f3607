const ASKED = [
  (topic: string) => `What is ${topic}? Explain it in two sentences.`,
  (topic: string) => `Write a short poem about ${topic}.`,
  (topic: string) => `List five facts about ${topic}, one a line.`,
  (topic: string) => `Tell a story of a child who finds out about ${topic}.`,
  (topic: string) => `Write a Python function that prints a table about ${topic}.`,
  (topic: string) => `Compare ${topic} with something of your choice.`,
  (topic: string) => `Write an e-mail that invites a friend to talk about ${topic}.`,
  (topic: string) => `What would a sceptic say about ${topic}?`,
  (topic: string) => `Make a JSON object that describes ${topic}.`,
  (topic: string) => `How many letters have the words "${topic}"? Show your steps.`,
];

const TOPICS = [
  'the moon',
  'steam engines',
  'bread',
  'the number twelve',
  'bees',
  'chess',
  'salt water',
  'a lighthouse',
  'prime numbers',
  'the violin',
  'glaciers',
  'postage stamps',
  'photosynthesis',
  'the river Danube',
  'umbrellas',
  'paper',
  'thunder',
  'old maps',
  'coffee',
  'bicycles',
];

/** 200 questions of ten kinds, the kinds mixed. */
export const PROMPTS: readonly string[] = TOPICS.flatMap((topic) => ASKED.map((ask) => ask(topic)));
