// Proved by tsc, never run: a handler that answers with something other than its row declares does not compile.

import { Type } from 'typebox';
import { CONTRACT } from '#contract/index.ts';
import { row } from '#contract/row.ts';
import { TASKS } from '#contract/tasks.ts';
import { type RoutesOf, route } from '#server/route.ts';

const PERSON = row({
  method: 'GET',
  path: '/api/people/:id',
  operation: 'people.get',
  summary: 'A person, for this test',
  needs: 'token',
  params: Type.Object({ id: Type.String() }),
  answer: {
    status: 200,
    description: 'The person.',
    schema: Type.Object({
      name: Type.String(),
      photo: Type.Union([Type.String(), Type.Null()]),
      phones: Type.Array(Type.Object({ number: Type.String(), use: Type.Optional(Type.String()) })),
    }),
  },
});

const person = { name: 'Ada', photo: null, phones: [{ number: '1' }] };

route(PERSON, async ({ params }) => ({ ...person, name: params.id }));
// Lists are given away, and nobody changes them.
route(PERSON, async () => ({ ...person, phones: person.phones as readonly { number: string }[] }));
// @ts-expect-error: another name
route(PERSON, async () => ({ name: 'Ada', foto: null, phones: [] }));
// @ts-expect-error: another type
route(PERSON, async () => ({ ...person, photo: 7 }));
// @ts-expect-error: one that is required is missing
route(PERSON, async () => ({ name: 'Ada', photo: null }));
// @ts-expect-error: one that is not declared
route(PERSON, async () => ({ ...person, foto: 7 }));
// @ts-expect-error: one that is not declared, deeper
route(PERSON, async () => ({ ...person, phones: [{ number: '1', secret: true }] }));
// @ts-expect-error: nothing at all
route(PERSON, async () => {});
// @ts-expect-error: a parameter that the row does not have
route(PERSON, async ({ params }) => ({ ...person, name: params.name }));

const NOTHING = row({ ...PERSON, method: 'DELETE', answer: { status: 204, description: 'Gone.' } });
route(NOTHING, async () => {});
// @ts-expect-error: it answers with nothing
route(NOTHING, async () => person);

const PICTURE = row({ ...PERSON, answer: { status: 200, description: 'The picture.', type: 'image/png' } });
route(PICTURE, async () => new Response(null));
// @ts-expect-error: a file is a whole response
route(PICTURE, async () => person);

// @ts-expect-error: no such word
row({ ...PERSON, needs: 'everything' });

const got = route(PERSON, async () => person);
export const complete: RoutesOf<{ get: typeof PERSON }> = { get: got };
// @ts-expect-error: a row without a handler
export const missing: RoutesOf<{ get: typeof PERSON; remove: typeof NOTHING }> = { get: got };
// @ts-expect-error: a handler without a row
export const unknown: RoutesOf<{ get: typeof PERSON }> = { get: got, remove: got };
// @ts-expect-error: the handler of another row
export const other: RoutesOf<{ remove: typeof NOTHING }> = { remove: got };

// Rows keep their own words, from which everything else is made.
export const operation: 'tasks.list' = TASKS.list.operation;
export const path: '/api/notes/:id/addenda' = CONTRACT.notes.addenda.create.path;
