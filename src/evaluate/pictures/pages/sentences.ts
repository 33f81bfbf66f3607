import type { Draws } from '../draws.ts';

const WORDS =
  `about above across after again air all almost along always animal answer apple around autumn back bank
  before begin behind below better between bird black blue boat book both bread bridge bright bring brother build burn butter
  call car carry castle centre change child choose church circle city clean clear climb clock close cloud coast coffee cold
  colour common corner cotton count country cover cross dance dark daughter dinner door double dream drive early earth east
  eight engine enough evening every example family farm father field finger fire first fish floor flower follow forest four
  fresh friend front garden gather glass gold good green ground group grow happy harbour heavy hill history home honey hope
  horse hour house hundred ice island jacket journey jump keep kitchen knife lake language large laugh leaf learn letter light
  listen little long lunch machine market matter measure meet middle milk minute moment money month moon morning mountain
  mouth move music narrow never night noise north notice number ocean office often open orange order other outside paper
  parent park path pencil people picture place plain plant plate point power pretty price question quick quiet rain reach
  ready reason remember rest rice ring river road rock roof room round school sea second seven shadow shape share sheep ship
  shoe short shoulder silver simple single sister six sleep small smile smooth snow soft song soon south spring square stairs
  stand star station stone storm story street strong sugar summer surface table talk tea ten thank thing thousand three
  ticket tiger together tomorrow touch town train travel tree twelve twenty uncle under until valley very village visit voice
  wait walk wall warm water weather week west wheel white wide wild window winter wonder wood word world yellow young`
    .split(/\s+/)
    .filter((word) => word !== '');

const NAMES = ['Anna', 'Bjørn', 'Café Müller', 'Dr. Patel', 'José', 'Kowalski', 'Lena', 'O’Neill'];

/** Words that read like a sentence, of about so many characters and no more. */
export function sentence(draws: Draws, most: number): string {
  const words: string[] = [];
  let length = 0;
  for (;;) {
    const word = words.length > 0 && draws.chance(0.12) ? odd(draws) : draws.one(WORDS);
    if (length + word.length + 2 > most) break;
    words.push(draws.chance(0.06) ? `${word},` : word);
    length += word.length + 2;
  }
  const text = words.join(' ').replace(/,$/, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${draws.one(['.', '.', '!', '?'])}`;
}

/** Names, numbers, dates and signs. */
function odd(draws: Draws): string {
  return draws.one<() => string>([
    () => draws.one(NAMES),
    () => String(draws.whole(1, 9999)),
    () => `${draws.whole(1, 28)}/${draws.whole(1, 12)}/20${draws.whole(10, 26)}`,
    () => `${draws.whole(1, 99)}%`,
    () => `$${draws.whole(1, 999)}.${draws.whole(10, 99)}`,
    () => `(${draws.one(WORDS)})`,
    () => `"${draws.one(WORDS)}"`,
    () => `${draws.one(WORDS)}-${draws.one(WORDS)}`,
    () => `No. ${draws.whole(1, 400)}`,
  ])();
}

/** One to three words, the first with a capital. */
export function label(draws: Draws, words = draws.whole(1, 3)): string {
  const text = Array.from({ length: words }, () => draws.one(WORDS)).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
