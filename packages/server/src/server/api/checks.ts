// /api/checks: the checks that come with Chartwire, what they do and don't know, and switching each of them.

import { type Static, Type } from 'typebox';
import { checkNamed, CHECKS } from '#chart/checks/index.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { type SwitchedOff, switchedOff, switchOff, switchOn } from '#store/check-switches.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { orNull, pageOf, Time } from './parameters.ts';

const Check = Type.Object({
  name: Type.String({ description: '`allergy`; `chartwire/allergy` in what it answers, and in overrides.' }),
  label: Type.String(),
  summary: Type.String({ description: 'What it does, and what it does not know.' }),
  command: Type.String({ description: 'Key of the command whose commit it is asked about.' }),
  enabled: Type.Boolean(),
  off: orNull(
    Type.Object(
      {
        reason: Type.String(),
        by: Type.Object({ type: Type.String(), id: Type.String(), display: Type.Optional(Type.String()) }),
        at: Time,
      },
      { description: 'Who switched it off and why; null while it is on.' },
    ),
  ),
});
export type CheckShape = Static<typeof Check>;

const Named = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) });

export const CHECK_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/checks',
    operation: 'checks.list',
    summary: 'The checks that come with Chartwire, and which are switched off',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'All of them, in the order in which they are asked.', schema: pageOf(Check) },
    handle: async (_call, services) => ({ items: await listed(services), next: null }),
  }),
  route({
    method: 'POST',
    path: '/api/checks/:name/disable',
    operation: 'checks.disable',
    summary: 'Switches a check off, for everybody and at once',
    needs: 'admin',
    params: Named,
    body: Type.Object(
      { reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why; it is shown.' }) },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'The check.', schema: Check },
    handle: async ({ params: { name }, body: { reason }, access: { actor } }, services) => {
      refuseUnknown(name);
      const { type, id, display } = actor;
      await switchOff(services.pool, { name, reason, by: { type, id, ...(display !== undefined && { display }) } });
      return one(services, name);
    },
  }),
  route({
    method: 'POST',
    path: '/api/checks/:name/enable',
    operation: 'checks.enable',
    summary: 'Switches a check on again',
    needs: 'admin',
    params: Named,
    answer: { status: 200, description: 'The check.', schema: Check },
    handle: async ({ params: { name } }, services) => {
      refuseUnknown(name);
      await switchOn(services.pool, name);
      return one(services, name);
    },
  }),
];

function refuseUnknown(name: string): void {
  if (checkNamed(name)) return;
  const names = CHECKS.map((check) => check.name).join(', ');
  throw new Refusal('request.invalid', { reason: `there is no check ${name.slice(0, 64)}; there are ${names}` });
}

async function listed({ pool }: Services): Promise<CheckShape[]> {
  const off = new Map((await switchedOff(pool)).map((switched): [string, SwitchedOff] => [switched.name, switched]));
  return CHECKS.map(({ name, label, summary, command }) => {
    const { reason, by, at } = off.get(name) ?? {};
    return { name, label, summary, command, enabled: !at, off: at ? { reason: reason!, by: by!, at } : null };
  });
}

async function one(services: Services, name: string): Promise<CheckShape> {
  return (await listed(services)).find((check) => check.name === name)!;
}
