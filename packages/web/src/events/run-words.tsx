// How a run of a handler, a gate's answer and a delivery ended, in a word with its colour.

import { Badge, type Tone } from '../ui/badge.tsx';
import type { Check, Delivery, Effect, Execution } from './shapes.ts';

type Word = readonly [text: string, tone: Tone];

const RUN: Readonly<Record<Execution['state'], Word>> = {
  completed: ['completed', 'ok'],
  failed: ['failed', 'danger'],
};

const CHECK: Readonly<Record<Check['outcome'], Word>> = {
  passed: ['passed', 'ok'],
  overridden: ['overridden', 'warn'],
  amended: ['amended', 'info'],
  'did-not-run': ['did not run', 'danger'],
};

const DELIVERY: Readonly<Record<Delivery['state'], Word>> = {
  pending: ['pending', 'info'],
  waiting: ['waiting to retry', 'warn'],
  behind: ['waiting for an earlier event', 'warn'],
  dead: ['dead letter', 'danger'],
  skipped: ['skipped', 'neutral'],
  done: ['delivered', 'ok'],
};

const EFFECT: Readonly<Record<Effect['outcome'], Word>> = {
  applied: ['applied', 'ok'],
  refused: ['refused', 'danger'],
  'not-applied': ['not applied', 'neutral'],
};

export function RunState({ state }: Pick<Execution, 'state'>) {
  return <Said word={RUN[state]} />;
}

export function CheckOutcome({ outcome }: Pick<Check, 'outcome'>) {
  return <Said word={CHECK[outcome]} />;
}

export function DeliveryState({ state }: Pick<Delivery, 'state'>) {
  return <Said word={DELIVERY[state]} />;
}

export function EffectOutcome({ outcome }: Pick<Effect, 'outcome'>) {
  return <Said word={EFFECT[outcome]} />;
}

function Said({ word: [text, tone] }: { readonly word: Word }) {
  return <Badge tone={tone}>{text}</Badge>;
}
