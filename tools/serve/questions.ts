/** Questions of many kinds, no two alike. */
export interface Questions {
  readonly next: () => string;
}

const KINDS: readonly ((subject: string) => string)[] = [
  (subject) => `Explain ${subject} to a child of seven.`,
  (subject) => `Write a short story about ${subject}.`,
  (subject) => `List five facts about ${subject}.`,
  (subject) => `What are the advantages and disadvantages of ${subject}?`,
  (subject) => `Write a Python class that models ${subject}, with comments.`,
  (subject) => `Write an e-mail to a friend about ${subject}.`,
  (subject) => `Give step by step advice to somebody who is new to ${subject}.`,
  (subject) => `Describe ${subject} as JSON with nested fields.`,
  (subject) => `Write a dialogue between two people who argue about ${subject}.`,
  (subject) => `Summarise the history of ${subject} in two paragraphs.`,
];

const SUBJECTS = (
  'trains, bees, bread, chess, volcanoes, gardens, bicycles, the moon, libraries, rivers, bridges, clocks, ' +
  'music lessons, whales, kites, coffee, maps, winter, markets, lighthouses, robots, paper, glass, cats, dogs, ' +
  'forests, deserts, football, painting, photography, salt, silk, telescopes, ships, windmills, cheese, honey, ' +
  'mountains, caves, islands, recipes, spiders, owls, rain, snow, thunder, gold, iron, diamonds, castles, ' +
  'theatres, poems, letters, languages, numbers, puzzles, school, holidays, cities, villages, tea, apples, ' +
  'swimming, running, dancing, sleep, dreams, memory, friendship, work, money, shops, doctors, trees, roses, seeds'
).split(', ');

export function createQuestions(): Questions {
  let asked = 0;
  return {
    next() {
      const turn = Math.floor(asked / KINDS.length);
      const kind = KINDS[asked % KINDS.length];
      const subject = SUBJECTS[(turn + 7 * (asked % KINDS.length)) % SUBJECTS.length] as string;
      const again = Math.floor(turn / SUBJECTS.length);
      asked += 1;
      return `${kind?.(subject) ?? subject}${again === 0 ? '' : ` Once more (${again}).`}`;
    },
  };
}
