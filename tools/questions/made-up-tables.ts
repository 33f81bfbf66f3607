/** Tables that no suite has, made up: what stands in them, and what is asked of them. */
import { CHART_SHAPES, type Chart } from '../../src/evaluate/pictures/charts/chart.ts';
import type { Draws } from '../../src/evaluate/pictures/draws.ts';
import { groupThousands } from '../../src/evaluate/pictures/group-thousands.ts';

interface Topic {
  readonly title: string;
  readonly measure: string;
  readonly names: readonly string[];
  /** Bounds of its numbers. */
  readonly of: readonly [number, number];
  readonly digits?: number;
  /** What it is about, as in "Which team has the most?". */
  readonly which: string;
  /** How else one asks for the most, and for the least. */
  readonly most: readonly string[];
  readonly least: readonly string[];
  /** `{}` is a name. */
  readonly value: readonly string[];
}

const words = (text: string): string[] => text.split(', ');
const WEEKDAYS = words('Mon, Tue, Wed, Thu, Fri, Sat, Sun');
const YEARS = words('1998, 1999, 2000, 2001, 2002, 2003, 2004, 2005, 2006, 2007');
const QUARTERS = words('Q1, Q2, Q3, Q4');

const TOPICS: readonly Topic[] = [
  {
    ...{ title: 'Fruit sold', measure: 'Boxes', which: 'fruit', of: [20, 900] },
    names: words('Apples, Pears, Plums, Grapes, Lemons, Cherries, Figs, Melons, Kiwis'),
    most: ['Which fruit was sold most?', 'What sold best?'],
    least: ['Which fruit was sold least?', 'What sold worst?'],
    value: ['How many boxes of {} were sold?', 'What is the number for {}?'],
  },
  {
    ...{ title: 'Visitors', measure: 'Visitors in thousands', which: 'museum', of: [1, 99] },
    digits: 1,
    names: words('Harbour Museum, Art House, Old Mill, City Gallery, Science Hall, Toy Museum'),
    most: ['Which museum is the most popular?', 'Where did most people go?'],
    least: ['Which museum is the least popular?', 'Where did the fewest people go?'],
    value: ['How many thousand visitors did {} have?', 'How many visitors came to {}?'],
  },
  {
    ...{ title: 'Goals of the season', measure: 'Goals', which: 'team', of: [5, 95] },
    names: words('Lions, Rovers, United, Eagles, Comets, Wolves, Sharks, Rangers'),
    most: ['Who scored the most goals?', 'Which team is the best?'],
    least: ['Who scored the fewest goals?', 'Which team is the worst?'],
    value: ['How many goals did {} score?', 'How many goals are there for {}?'],
  },
  {
    ...{
      title: 'Calls by weekday',
      measure: 'Calls',
      which: 'day',
      of: [10, 400],
      names: WEEKDAYS,
    },
    most: ['When were there the most calls?', 'Which day was the busiest?'],
    least: ['When were there the fewest calls?', 'Which day was the quietest?'],
    value: ['How many calls were there on {}?', 'What is the value for {}?'],
  },
  {
    ...{ title: 'Sales by quarter', measure: 'Million dollars', which: 'quarter', of: [1, 80] },
    ...{ digits: 1, names: QUARTERS },
    most: ['In which quarter was the most sold?', 'Which quarter was the best?'],
    least: ['In which quarter was the least sold?', 'Which quarter was the weakest?'],
    value: ['How much was sold in {}?', 'What is the value of {}?'],
  },
  {
    ...{ title: 'Members of the club', measure: 'Members', which: 'year', of: [150, 9000] },
    names: YEARS,
    most: ['When was the club largest?', 'When did the club have the most members?'],
    least: ['When was the club smallest?', 'When did the club have the fewest members?'],
    value: ['How many members were there in {}?', 'How many was it in {}?'],
  },
  {
    ...{ title: 'Height of towers', measure: 'Metres', which: 'tower', of: [40, 480] },
    names: words('North Tower, Beacon, Old Spire, Cathedral, Radio Mast, Clock Tower, Lighthouse'),
    most: ['Which tower is the highest?', 'What is the tallest?'],
    least: ['Which tower is the lowest?', 'What is the shortest?'],
    value: ['How high is {}?', 'How many metres does {} have?'],
  },
  {
    ...{ title: 'Trees in the park', measure: 'Trees', which: 'tree', of: [2, 160] },
    names: words('Oak, Beech, Birch, Maple, Pine, Willow, Ash, Linden, Elm'),
    most: ['Which tree is there most of?', 'What grows there most?'],
    least: ['Which tree is there least of?', 'What grows there least?'],
    value: ['How many of the trees are {}?', 'How many are there of {}?'],
  },
  {
    ...{ title: 'Water in the tank', measure: 'Litres', which: 'tank', of: [1000, 60000] },
    names: words('Tank A, Tank B, Tank C, Tank D, Tank E, Tank F'),
    most: ['Which tank is the fullest?', 'Which tank holds the most water?'],
    least: ['Which tank is the emptiest?', 'Which tank holds the least water?'],
    value: ['How many litres are in {}?', 'How much does {} hold?'],
  },
  {
    ...{ title: 'Warmth of rooms', measure: 'Degrees', which: 'room', of: [12, 29], digits: 1 },
    names: words('Kitchen, Bath, Hall, Office, Cellar, Attic, Bedroom, Library'),
    most: ['Which room is the warmest?', 'Where is it hottest?'],
    least: ['Which room is the coldest?', 'Where is it coolest?'],
    value: ['How warm is it in {}?', 'How many degrees does {} have?'],
  },
  {
    ...{ title: 'Books lent by language', measure: 'Books', which: 'language', of: [10, 7000] },
    names: words('English, French, German, Spanish, Polish, Turkish, Dutch, Greek'),
    most: ['In which language were the most books lent?', 'Which language comes first?'],
    least: ['In which language were the fewest books lent?', 'Which language is lent least?'],
    value: ['How many books were lent in {}?', 'How many were there in {}?'],
  },
  {
    ...{ title: 'Parcels by city', measure: 'Parcels', which: 'city', of: [100, 30000] },
    names: words('Leeds, Turin, Lyon, Porto, Graz, Ghent, Basel, Krakow, Malmo'),
    most: ['Which city gets the most parcels?', 'Where did the most parcels go?'],
    least: ['Which city gets the fewest parcels?', 'Where did the fewest parcels go?'],
    value: ['How many parcels went to {}?', 'What is the number of parcels of {}?'],
  },
];

const MOST = [
  'Which {} has the most?',
  'Which {} has the highest value?',
  'What is the largest {}?',
  'Which {} is on top?',
];
const LEAST = [
  'Which {} has the least?',
  'Which {} has the lowest value?',
  'What is the smallest {}?',
  'Which {} comes last?',
];

/** Three to nine rows, in numbers of which none stands twice. */
export function madeUpTable(draws: Draws): Chart {
  const topic = draws.one(TOPICS);
  const { title, measure, which, digits = 0 } = topic;
  const count = Math.min(topic.names.length, draws.whole(3, 9));
  const first = draws.whole(0, topic.names.length - count);
  const names = topic.names.slice(first, first + count);
  const [low, high] = topic.of;
  // Skewed as real tables are: what is small is common.
  const any = () =>
    (low + (high - low) * draws.between(0, 1) ** draws.one([1, 2, 3])).toFixed(digits);
  const values = new Set<string>();
  while (values.size < count) values.add(any());
  const year = draws.chance(0.5) ? ` in ${draws.whole(1990, 2024)}` : '';
  return {
    ...{ name: which, title: `${title}${year}`, measure, shape: draws.one(CHART_SHAPES) },
    rows: [...values].map((value, at) => ({
      name: names[at] as string,
      value: groupThousands(value),
    })),
    most: draws.one([...MOST, ...topic.most]).replace('{}', which),
    least: draws.one([...LEAST, ...topic.least]).replace('{}', which),
    value: draws.one(topic.value),
  };
}
