/** Questions that words alone answer, and what is right: any of what stands between bars. */

export interface TextTask {
  readonly group: string;
  /** `{}` is what it is about. */
  readonly ask: string;
  readonly of: Readonly<Record<string, string>>;
  /** What is to be picked from; with "or", what stands around it. */
  readonly from?: readonly string[] | 'or';
}

export const TEXT_TASKS: readonly TextTask[] = [
  {
    group: 'capitals',
    ask: 'What is the capital of {}?',
    of: {
      France: 'Paris',
      Japan: 'Tokyo',
      Italy: 'Rome',
      Spain: 'Madrid',
      Germany: 'Berlin',
      Egypt: 'Cairo',
      Norway: 'Oslo',
      Portugal: 'Lisbon',
      Kenya: 'Nairobi',
      Canada: 'Ottawa',
      Peru: 'Lima',
      Thailand: 'Bangkok',
    },
  },
  {
    group: 'sums',
    ask: 'What is {}? Answer with the number.',
    of: {
      '3 + 4': '7 | seven',
      '12 + 5': '17 | seventeen',
      '25 + 30': '55',
      '9 - 2': '7 | seven',
      '20 - 6': '14 | fourteen',
      '100 - 45': '55',
      '6 × 7': '42',
      '8 × 3': '24',
      '12 × 10': '120',
      '15 ÷ 3': '5 | five',
      '64 ÷ 8': '8 | eight',
      'half of 18': '9 | nine',
    },
  },
  {
    group: 'opposites',
    ask: 'What is the opposite of "{}"? Answer with one word.',
    of: {
      hot: 'cold | cool',
      big: 'small | little | tiny',
      early: 'late',
      happy: 'sad | unhappy',
      up: 'down',
      open: 'closed | close | shut',
      fast: 'slow',
      dark: 'light | bright',
      full: 'empty',
      heavy: 'light',
      young: 'old',
      wet: 'dry',
    },
  },
  {
    group: 'sentences',
    ask: '{}',
    of: {
      '"The meeting was moved to 14 May 2021." When is the meeting?': '14 May | May 14',
      '"Anna paid 35 dollars for the book." How much did the book cost?': '35',
      '"The train to Lyon leaves from platform 9." Which platform is it?': '9 | nine',
      '"Peter gave the key to Maria." Who has the key now?': 'Maria',
      '"The shop closes at 18:30 on Fridays." When does the shop close on Fridays?': '18:30 | 6:30',
      '"Our dog is called Bruno and our cat is called Mimi." What is the cat called?': 'Mimi',
      '"The bridge is 240 metres long." How long is the bridge?': '240',
      '"Write to Mr. Hansen in Oslo." In which city is Mr. Hansen?': 'Oslo',
      '"They bought three chairs and a table." How many chairs did they buy?': 'three | 3',
      '"The red car is faster than the blue one." Which car is faster?': 'red',
      '"My birthday is on 2 August." In which month is my birthday?': 'August',
      '"Lena is 12 and her brother Tom is 9." How old is Tom?': '9 | nine',
    },
  },
  {
    group: 'what comes next',
    ask: 'What comes after {}? Answer with one word.',
    of: {
      Monday: 'Tuesday',
      Thursday: 'Friday',
      March: 'April',
      August: 'September',
      'the letter B': 'C',
      'the number 19': '20 | twenty',
    },
  },
  {
    group: 'kinds',
    ask: 'What kind of thing is {}: an animal, a fruit, a tool or a country?',
    from: ['animal', 'fruit', 'tool', 'country'],
    of: {
      'a banana': 'fruit',
      'a hammer': 'tool',
      'a horse': 'animal',
      Brazil: 'country',
      'a peach': 'fruit',
      'a shark': 'animal',
      'a saw': 'tool',
      India: 'country',
    },
  },
  {
    group: 'larger of two',
    ask: 'Which is larger, {}? Answer with one word.',
    from: 'or',
    of: {
      'an elephant or a mouse': 'elephant',
      'the moon or the sun': 'sun',
      'a city or a house': 'city',
      'a lake or an ocean': 'ocean',
      '70 or 17': '70',
      '0.5 or 0.05': '0.5',
    },
  },
];
