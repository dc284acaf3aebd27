// The nodes of an event's story as the tree they are: each event below the effect that caused it.

import type { BriefEvent, Tree, TreeNode, TreeRun } from './shapes.ts';

type TreeEffect = TreeRun['effects'][number];

export interface Branch {
  readonly event: BriefEvent;
  readonly checks: TreeNode['checks'];
  readonly runs: readonly (Omit<TreeRun, 'effects'> & {
    readonly effects: readonly (TreeEffect & { readonly caused: readonly Branch[] })[];
  })[];
  /** Owed still, or given up: what is not told by a run. */
  readonly open: TreeNode['deliveries'];
  /** Caused by a run that is not among those shown. */
  readonly others: readonly Branch[];
}

/** Null when the root is not among the nodes. */
export function branchesOf({ root, nodes }: Tree): Branch | null {
  const first = nodes.find(({ event }) => event.id === root);
  return first ? grow(first, nodes) : null;
}

function grow({ event, checks, executions, deliveries }: TreeNode, nodes: readonly TreeNode[]): Branch {
  const children = nodes.filter((node) => node.event.cause?.event === event.id);
  const shown = new Set(executions.map(({ id }) => id));
  const branches = (found: readonly TreeNode[]): readonly Branch[] => found.map((node) => grow(node, nodes));
  return {
    event,
    checks,
    runs: executions.map((run) => ({
      ...run,
      effects: run.effects.map((effect, index) => ({
        ...effect,
        caused: branches(
          children.filter(({ event: { cause } }) => cause?.execution === run.id && cause.effect === index),
        ),
      })),
    })),
    open: deliveries.filter(({ state }) => state !== 'done'),
    others: branches(children.filter((node) => !shown.has(node.event.cause?.execution ?? ''))),
  };
}
