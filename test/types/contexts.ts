// Proved by tsc, never run: every event type has a typed context, and a wrong use of one does not compile.

import type { ChartEvent, ContextOf, EventType } from '#events/catalogue.ts';
import type { SPECIFIED_NAMES } from '../catalogue/specified-names.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Assert<T extends true> = T;

type Specified = (typeof SPECIFIED_NAMES)[number];

// Each of the 207 is an event type.
type Unknown = Exclude<Specified, EventType>;
export type AllAreKnown = Assert<Equal<Unknown, never>>;

// No context is any, unknown, never, or an object of which nothing is known.
type Untyped<C> =
  Equal<C, unknown> extends true
    ? true
    : 0 extends 1 & C
      ? true
      : [C] extends [never]
        ? true
        : [keyof C] extends [never]
          ? true
          : false;
type UntypedOf<T extends EventType> = { [K in T]: Untyped<ContextOf<K>> extends true ? K : never }[T];
export type AllSpecifiedAreTyped = Assert<Equal<UntypedOf<Specified>, never>>;
export type AllAreTyped = Assert<Equal<UntypedOf<EventType>, never>>;

// Records: the resource of their kind, its former version where there is one, and what a transition adds.
type RecordIn<T extends EventType> = ContextOf<T> extends { record: { resourceType: infer R } } ? R : never;
export type Records = [
  Assert<Equal<RecordIn<'LAB_REPORT_CREATED'>, 'DiagnosticReport'>>,
  Assert<Equal<RecordIn<'IMMUNIZATION_STATEMENT_UPDATED'>, 'Immunization'>>,
  Assert<Equal<RecordIn<'BILLING_LINE_ITEM_DELETED'>, 'ChargeItem'>>,
  Assert<Equal<RecordIn<'GOAL_CREATED'>, 'Goal'>>,
  Assert<Equal<RecordIn<'CONDITION_RESOLVED'>, 'Condition'>>,
  Assert<Equal<RecordIn<'CONDITION_ASSESSED'>, 'ClinicalImpression'>>,
  Assert<Equal<ContextOf<'TASK_CREATED'>['record']['id'], string>>,
  Assert<Equal<ContextOf<'TASK_UPDATED'>['previous']['resourceType'], 'Task'>>,
  Assert<Equal<ContextOf<'TASK_COMMENT_CREATED'>['comment']['text'], string>>,
  Assert<Equal<ContextOf<'TASK_LABELS_ADJUSTED'>['labels']['after'], string[]>>,
  Assert<Equal<ContextOf<'APPOINTMENT_RESCHEDULED'>['rescheduledFrom']['id'], string>>,
];

// Commands: their own fields, complete only once they are committed.
export type Commands = [
  Assert<Equal<ContextOf<'PRESCRIBE_COMMAND__POST_UPDATE'>['fields']['refills'], number | undefined>>,
  Assert<Equal<ContextOf<'PRESCRIBE_COMMAND__POST_COMMIT'>['fields']['refills'], number>>,
  Assert<Equal<ContextOf<'PRESCRIBE_COMMAND__POST_COMMIT'>['fields']['daysSupply'], number | undefined>>,
  Assert<Equal<ContextOf<'PLAN_COMMAND__PRE_UPDATE'>['changed'], readonly 'narrative'[]>>,
  Assert<Equal<ContextOf<'PLAN_COMMAND__PRE_UPDATE'>['proposed']['narrative'], string | undefined>>,
  Assert<Equal<ContextOf<'PLAN_COMMAND__PRE_COMMIT'>['command']['key'], 'plan'>>,
  Assert<Equal<ContextOf<'PLAN_COMMAND__POST_EXECUTE_ACTION'>['action'], 'print' | 'carry-forward'>>,
  Assert<Equal<ContextOf<'ASSESS_COMMAND__CONDITION_SELECTED'>['field'], 'condition'>>,
  Assert<Equal<ContextOf<'ASSESS_COMMAND__CONDITION_SELECTED'>['option']['value'], string>>,
  Assert<Equal<ContextOf<'MEDICATION_STATEMENT__MEDICATION__PRE_SEARCH'>['results'], null>>,
  Assert<Equal<ContextOf<'PRESCRIBE__PRESCRIBE__POST_SEARCH'>['results'][number]['text'], string>>,
  Assert<Equal<ContextOf<'CRON'>['minute'], string>>,
];

export function narrows(event: ChartEvent): string | undefined {
  if (event.type === 'LAB_REPORT_CREATED') return event.context.record.conclusion;
  // @ts-expect-error: not every event has a record
  event.context.record;
  return undefined;
}

// @ts-expect-error: not an event type
export const wrongName: EventType = 'LAB_REPORT_CREATD';

export function wrongContext(created: ContextOf<'LAB_REPORT_CREATED'>): void {
  // @ts-expect-error: a new record has no former version
  created.previous;
  // @ts-expect-error: a DiagnosticReport has no intent
  created.record.intent;
}

// @ts-expect-error: only event types have contexts
export type WrongContext = ContextOf<'LAB_REPORT_CREATD'>;
