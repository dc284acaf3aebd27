// docs/catalogue/answers.md

import type { TObject, TSchema } from 'typebox';
import { GATE_ANSWERS, SEARCH_ANSWERS } from '#effects/answers.ts';
import { code, GENERATED, link, shapeOf, table } from './markdown.ts';

/** What an answer does, and how an author writes it. */
type Told<T> = { readonly [Type in keyof T]: { readonly does: string; readonly example: string } };

const GATES: Told<typeof GATE_ANSWERS> = {
  REFUSE: {
    does: 'It may not be done. Whoever asked for it reads the message; `field` shows it where it belongs. Nothing is written.',
    example: "refuse('A plan says what is to be done.', { field: 'narrative' });",
  },
  CONFIRM: {
    does: 'It may be done if the clinician gives a reason. The reason is kept with the command and shown there.',
    example: "confirm('The patient is allergic to penicillin.', { field: 'prescribe' });",
  },
  AMEND: {
    does: 'It is done with these values instead of those proposed; fields that are not named stay. They are checked like anybody’s. An answer to an origination, an update or a commit: the others write no fields.',
    example: 'amend({ refills: 0 });',
  },
};

const SEARCHES: Told<typeof SEARCH_ANSWERS> = {
  RESULTS: {
    does: 'The whole list: before the built-in search instead of it, after it in its place. `null` says nothing and leaves all as it is.',
    example: "results([{ value: 'I10', text: 'Essential (primary) hypertension' }]);",
  },
  ANNOTATE: {
    does: 'A chip beside the option of this value. Every plugin’s chips are kept.',
    example: "annotate('314076', 'preferred by the plan');",
  },
  PROMOTE: { does: 'These options first, in this order.', example: "promote('E11.9');" },
  DEMOTE: { does: 'These options last, in this order.', example: "demote('R69');" },
  HIDE: { does: 'These options not at all.', example: "hide('R69');" },
  ADD: {
    does: 'Options of the plugin’s own, after the others.',
    example: "add({ value: 'Z71.3', text: 'Dietary counseling', annotations: ['house list'] });",
  },
};

export function answersPage(): string {
  return [
    GENERATED,
    '# Answers',
    'What a handler answers with while somebody waits: to a gate, before something happens, or to an ask, while options are ' +
      'searched for. An answer is no effect: nothing is written by it, it needs no scope, and whoever asked takes it in. Which ' +
      `events are gates and asks: ${link('Three kinds', 'events.md')}. A handler that answers nothing lets the change pass, or the options stand.`,
    'Handlers are asked in the order of their plugins’ priority, the lowest first, then by name; a gate sees what the gates before it ' +
      'amended, a search the list as those before it left it. Together they have 300 ms. What a gate that fails, is late or answers ' +
      'with something else does, its manifest’s policy says, `allow` or `block`; where it goes on, the command keeps that the check did ' +
      'not run, and its note shows it. A search goes on without such an answer. `log()` may go beside any answer; effects may not.',
    '`Option` is `{ value, text, coding? }`, `coding` a list of `{ system?, code, display? }`.',
    '## Of a gate',
    ...sections(GATE_ANSWERS, GATES),
    '## Of a search',
    'Answers of several plugins merge, operation by operation.',
    ...sections(SEARCH_ANSWERS, SEARCHES),
  ].join('\n\n');
}

function sections(schemas: Readonly<Record<string, TSchema>>, told: Told<Record<string, TSchema>>): string[] {
  return Object.entries(schemas).map(([type, schema]) => {
    const { properties, required = [] } = schema as TObject;
    return [
      `### ${type}`,
      told[type]!.does,
      table(
        ['property', 'holds', ''],
        Object.entries(properties).map(([name, held]) => [
          code(name),
          shapeOf(held),
          (required as readonly string[]).includes(name) ? 'needed' : '',
        ]),
      ),
      `\`\`\`ts\n${told[type]!.example}\n\`\`\``,
    ].join('\n\n');
  });
}
