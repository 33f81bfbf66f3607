/** Parts of expressions and names of targets, in the order in which they are written. */
import type { Body, CallBody, Expression, Given, Statement, Target } from './nodes.ts';

/** The expressions right inside an expression. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'constant':
    case 'name':
      return [];
    case 'tuple':
    case 'list':
      return node.items;
    case 'dict':
      return node.pairs.flat();
    case 'if':
      return [node.test, node.value, ...(node.otherwise ? [node.otherwise] : [])];
    case 'and':
    case 'or':
    case 'binary':
      return [node.left, node.right];
    case 'not':
    case 'unary':
    case 'attribute':
      return [node.of];
    case 'concat':
      return node.parts;
    case 'compare':
      return [node.first, ...node.rest.map(([, part]) => part)];
    case 'item':
      return [node.of, node.key];
    case 'slice':
      return present(node.of, node.start, node.stop, node.step);
    case 'call':
    case 'filter':
    case 'test':
      return [...present(node.of), ...givenParts(node.given)];
  }
}

function givenParts({ positional, named, spread, spreadNamed }: Given): readonly Expression[] {
  return [...positional, ...named.map(([, part]) => part), ...present(spread, spreadNamed)];
}

function present(...parts: readonly (Expression | null)[]): Expression[] {
  return parts.filter((part) => part !== null);
}

/** Names that expressions read. */
export function namesIn(...nodes: readonly Expression[]): string[] {
  return nodes.flatMap((node) => (node.kind === 'name' ? [node.name] : namesIn(...partsOf(node))));
}

/** Names that a target sets. */
export function namesSet(target: Target): string[] {
  if (target.kind === 'name') return [target.name];
  return target.kind === 'targets' ? target.items.flatMap(namesSet) : [];
}

/** Namespaces whose fields a target sets. */
export function fieldsSet(target: Target): string[] {
  if (target.kind === 'field') return [target.of];
  return target.kind === 'targets' ? target.items.flatMap(fieldsSet) : [];
}

/** A name that is read, or set by a target or as an argument. */
interface Use {
  readonly name: string;
  readonly how: 'read' | 'set' | 'argument';
}

const uses = (names: readonly string[], how: Use['how']) =>
  names.map((name): Use => ({ name, how }));
const reads = (...nodes: readonly Expression[]) => uses(namesIn(...nodes), 'read');

/** All uses of names, also in scopes inside, in the order in which jinja2 goes through them. */
export function usesIn(body: Body): Use[] {
  return body.flatMap(usesOf);
}

function usesOf(node: Statement): Use[] {
  switch (node.kind) {
    case 'print':
      return reads(node.value);
    case 'branch':
      return [
        ...reads(node.test),
        ...usesIn(node.body),
        ...node.elifs.flatMap(([test, inner]) => [...reads(test), ...usesIn(inner)]),
        ...usesIn(node.otherwise),
      ];
    case 'for':
      return [
        ...uses(namesSet(node.target), 'set'),
        ...reads(node.items),
        ...usesIn(node.body),
        ...usesIn(node.otherwise),
        ...reads(...present(node.test)),
      ];
    case 'set':
      return [...uses(namesSet(node.target), 'set'), ...reads(node.value)];
    case 'setBlock':
      return [
        ...uses(namesSet(node.target), 'set'),
        ...reads(...present(node.filter)),
        ...usesIn(node.body),
      ];
    case 'with':
      return [
        ...uses(
          node.sets.flatMap(([target]) => namesSet(target)),
          'argument',
        ),
        ...reads(...node.sets.map(([, value]) => value)),
        ...usesIn(node.body),
      ];
    case 'filterBlock':
      return [...usesIn(node.body), ...reads(node.filter)];
    case 'callBlock':
      return [...reads(node.call), ...usesOfCall(node.block)];
    case 'macro':
    case 'generation':
      return usesOfCall(node.block);
    default:
      return [];
  }
}

function usesOfCall({ names, defaults, body }: CallBody): Use[] {
  return [...uses(names, 'argument'), ...reads(...defaults), ...usesIn(body)];
}

/** Those of the names that are read before anything sets them. */
export function readFirst(body: Body, names: readonly string[]): string[] {
  const open = new Set(names);
  const found = new Set<string>();
  for (const { name, how } of usesIn(body)) {
    if (how === 'read' && open.has(name)) found.add(name);
    else open.delete(name);
  }
  return names.filter((name) => found.has(name));
}
