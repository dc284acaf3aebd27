// What the builders of effects and commands are called in the SDK.

import { EFFECTS } from '#effects/index.ts';
import { commandBuilder } from '#sdk/command-builder.ts';
import * as written from '#sdk/effect.ts';

export type AnyEffect = (typeof EFFECTS)[number];

/** Builders that are written by hand, of which those that each command has are shown as plan’s. */
const BY_HAND = [
  ...Object.entries(written),
  ...Object.entries(commandBuilder('plan')).map(([name, build]) => [`plan.${name}`, build] as const),
];

/** `createTask`, `plan.commit`: the builder that makes an effect. */
export function builderOf({ type, builder, example }: AnyEffect): string {
  const byHand = BY_HAND.find(
    ([, build]) => 'type' in build(example as never) && build(example as never).type === type,
  );
  return byHand?.[0] ?? builder ?? camelCase(type);
}

/** The effects whose builders follow from their definitions. */
export const PLAIN_EFFECTS: readonly AnyEffect[] = EFFECTS.filter(
  (effect) => !BY_HAND.some(([name]) => name === builderOf(effect)),
);

function camelCase(type: string): string {
  return type.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
