import type { Pass } from '../answer/answer.ts';
import { describePass } from './describe-pass.ts';
import { layOutTree, type PlacedNode } from './lay-out-tree.ts';

const ROW = 30;
const BOX = 22;
const MARGIN = 12;

/** The tree of a pass: what was kept in the top row, the rest below it. */
export function TreeDrawing({ pass }: { readonly pass: Pick<Pass, 'tree' | 'words'> }) {
  const { nodes, width, rows } = layOutTree(pass);
  const height = rows * ROW + 2 * MARGIN - (ROW - BOX);
  const links = nodes.flatMap((node) => {
    const parent = node.parent === null ? undefined : nodes[node.parent];
    return parent === undefined ? [] : [{ node, parent }];
  });
  return (
    <svg
      class="tree"
      width={width + 2 * MARGIN}
      height={height}
      viewBox={`${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height}`}
      role="img"
      aria-label={describePass(pass)}
    >
      {links
        .toSorted((a, b) => Number(a.node.isKept) - Number(b.node.isKept))
        .map(({ node, parent }) => (
          <path
            key={`${node.x},${node.row}`}
            class={node.isKept ? 'link kept' : 'link'}
            d={linkPath(parent, node)}
          />
        ))}
      {nodes.map((node) => (
        <g
          key={`${node.x},${node.row}`}
          class={`node ${node.by ?? 'root'}${node.isKept ? ' kept' : ''}`}
          transform={`translate(${node.x} ${node.row * ROW})`}
        >
          <rect width={node.width} height={BOX} rx={node.by === 'target' ? BOX / 2 : 4} />
          <text x={node.width / 2} y={BOX / 2 + 4}>
            {node.label}
          </text>
        </g>
      ))}
    </svg>
  );
}

function linkPath(from: PlacedNode, to: PlacedNode): string {
  const [x1, y1] = [from.x + from.width, from.row * ROW + BOX / 2];
  const [x2, y2] = [to.x, to.row * ROW + BOX / 2];
  if (y1 === y2) return `M${x1} ${y1}H${x2}`;
  const bend = Math.max(x1 + 7, x2 - 14);
  const turn = 5;
  return `M${x1} ${y1}H${bend - turn}Q${bend} ${y1} ${bend} ${y1 + turn}V${y2 - turn}Q${bend} ${y2} ${bend + turn} ${y2}H${x2}`;
}
