// /api/checks: the built-in checks, what they do and don't cover, and a switch for each.

import { checkNamed, CHECKS as BUILT_IN } from '#chart/checks/index.ts';
import { CHECKS, type CheckShape } from '@chartwire/client/internal/contract/checks';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { switchedOff, type SwitchedOff, switchOff, switchOn } from '#store/check-switches.ts';
import { route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';

export const CHECK_ROUTES: RoutesOf<typeof CHECKS> = {
  list: route(CHECKS.list, async (_call, services) => ({ items: await listed(services), next: null })),
  disable: route(CHECKS.disable, async ({ params: { name }, body: { reason }, access: { actor } }, services) => {
    refuseUnknown(name);
    const { type, id, display } = actor;
    await switchOff(services.pool, { name, reason, by: { type, id, ...(display !== undefined && { display }) } });
    return one(services, name);
  }),
  enable: route(CHECKS.enable, async ({ params: { name } }, services) => {
    refuseUnknown(name);
    await switchOn(services.pool, name);
    return one(services, name);
  }),
};

function refuseUnknown(name: string): void {
  if (checkNamed(name)) return;
  const names = BUILT_IN.map((check) => check.name).join(', ');
  throw new Refusal('request.invalid', { reason: `there is no check ${name.slice(0, 64)}; there are ${names}` });
}

async function listed({ pool }: Services): Promise<CheckShape[]> {
  const off = new Map((await switchedOff(pool)).map((switched): [string, SwitchedOff] => [switched.name, switched]));
  return BUILT_IN.map(({ name, label, summary, command }) => {
    const { reason, by, at } = off.get(name) ?? {};
    return { name, label, summary, command, enabled: !at, off: at ? { reason: reason!, by: by!, at } : null };
  });
}

async function one(services: Services, name: string): Promise<CheckShape> {
  return (await listed(services)).find((check) => check.name === name)!;
}
