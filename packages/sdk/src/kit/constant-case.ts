// Constant case for event names: GuidanceResponse and goalStatement become GUIDANCE_RESPONSE and GOAL_STATEMENT.

/** The same at the level of types. */
export type ConstantCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${Uppercase<First>}${Tail<Rest>}`
  : '';

type Tail<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${Uppercase<First>}${Tail<Rest>}`
    : `_${First}${Tail<Rest>}`
  : '';

/** For PascalCase and camelCase names without runs of capitals, such as R4 types and command fields. */
export function constantCase<Name extends string>(name: Name): ConstantCase<Name> {
  return name.replace(/(?<!^)[A-Z]/g, '_$&').toUpperCase() as ConstantCase<Name>;
}
