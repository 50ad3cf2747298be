/** Where the bands of a flow diagram lie: columns of nodes as high as what flows through them, and ribbons between. Pure. */

export interface FlowNode {
  id: string;
  /** From 0. */
  column: number;
  /** How much flows through it; 0 has no place. */
  size: number;
}

export interface FlowLink {
  from: string;
  to: string;
  size: number;
}

export interface PlacedNode extends FlowNode {
  x: number;
  y: number;
  height: number;
}

export interface PlacedLink extends FlowLink {
  /** SVG path of the filled ribbon. */
  path: string;
}

export interface FlowSpace {
  width: number;
  height: number;
  /** Width of a node, in pixels. */
  nodeWidth: number;
  /** Least room between nodes of a column. */
  gap: number;
  /** Least height of a node, so that small ones can be hit and read. */
  least: number;
  /** Where each column begins. */
  columns: readonly number[];
}

/** Pixels; a thinner ribbon would not be seen. */
const thinnest = 1;

/** Pixels for one unit of flow, such that the fullest column fits with its gaps and its smallest nodes. */
export function flowScale(nodes: readonly FlowNode[], { height, gap, least }: FlowSpace): number {
  const columns = new Map<number, number[]>();
  for (const { column, size } of nodes) {
    if (size > 0) columns.set(column, [...(columns.get(column) ?? []), size]);
  }
  let scale = Infinity;
  for (const sizes of columns.values()) {
    const room = height - gap * (sizes.length - 1);
    // Small nodes take their least height; what is left is shared by the others.
    let [small, own] = [new Set<number>(), 0];
    for (;;) {
      const large = sizes.filter((_, index) => !small.has(index));
      const sum = large.reduce((total, size) => total + size, 0);
      own = sum > 0 ? Math.max(0, room - small.size * least) / sum : 0;
      const next = new Set([...sizes.keys()].filter((index) => (sizes[index] ?? 0) * own < least));
      if (next.size === small.size || large.length === 0) break;
      small = next;
    }
    if (own > 0) scale = Math.min(scale, own);
  }
  return Number.isFinite(scale) ? scale : 0;
}

/** Nodes in the given order within their columns; links leave and arrive in the order of the nodes at their ends. */
export function layoutFlow(
  nodes: readonly FlowNode[],
  links: readonly FlowLink[],
  space: FlowSpace,
): { nodes: PlacedNode[]; links: PlacedLink[] } {
  const scale = flowScale(nodes, space);
  const nextY = new Map<number, number>();
  const placed = nodes
    .filter(({ size }) => size > 0)
    .map((node): PlacedNode => {
      const y = nextY.get(node.column) ?? 0;
      const height = Math.max(space.least, node.size * scale);
      nextY.set(node.column, y + height + space.gap);
      return { ...node, x: space.columns[node.column] ?? 0, y, height };
    });
  const byId = new Map(placed.map((node) => [node.id, node]));
  const order = new Map(placed.map((node, index) => [node.id, index]));
  const left = new Map<string, number>();
  const arrived = new Map<string, number>();
  const ribbons = links
    .filter(({ size, from, to }) => size > 0 && byId.has(from) && byId.has(to))
    .sort(
      (a, b) =>
        (order.get(a.from) ?? 0) - (order.get(b.from) ?? 0) ||
        (order.get(a.to) ?? 0) - (order.get(b.to) ?? 0),
    );
  const drawn = ribbons.map((link): PlacedLink => {
    const [source, target] = [byId.get(link.from), byId.get(link.to)];
    if (!source || !target) return { ...link, path: '' };
    const thickness = link.size * scale;
    // In the middle of a node that is higher than what flows through it.
    const room = (node: PlacedNode) => (node.height - node.size * scale) / 2;
    const startY = source.y + room(source) + (left.get(link.from) ?? 0);
    const endY = target.y + room(target) + (arrived.get(link.to) ?? 0);
    left.set(link.from, (left.get(link.from) ?? 0) + thickness);
    arrived.set(link.to, (arrived.get(link.to) ?? 0) + thickness);
    const seen = Math.max(thinnest, thickness);
    return { ...link, path: ribbonPath(source.x + space.nodeWidth, startY, seen, target.x, endY, seen) };
  });
  return { nodes: placed, links: drawn };
}

/** A band from one vertical edge to another, level at both ends. */
export function ribbonPath(
  startX: number,
  startY: number,
  startHeight: number,
  endX: number,
  endY: number,
  endHeight: number,
): string {
  const middle = (startX + endX) / 2;
  const at = (value: number) => value.toFixed(2);
  return [
    `M${at(startX)} ${at(startY)}`,
    `C${at(middle)} ${at(startY)} ${at(middle)} ${at(endY)} ${at(endX)} ${at(endY)}`,
    `V${at(endY + endHeight)}`,
    `C${at(middle)} ${at(endY + endHeight)} ${at(middle)} ${at(startY + startHeight)} ${at(startX)} ${at(startY + startHeight)}Z`,
  ].join('');
}
