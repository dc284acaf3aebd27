// docs/catalogue/answers.md

import type { TObject, TSchema } from 'typebox';
import { GATE_ANSWERS, SEARCH_ANSWERS } from '#effects/answers.ts';
import { code, GENERATED, link, shapeOf, table } from './markdown.ts';

/** What an answer does, and how an author writes it. */
type Told<T> = { readonly [Type in keyof T]: { readonly does: string; readonly example: string } };

const GATES: Told<typeof GATE_ANSWERS> = {
  REFUSE: {
    does: 'Refuses the change. The clinician sees the message, at the `field` if you name one. Nothing is written.',
    example: "refuse('Say what happens next.', { field: 'narrative' });",
  },
  CONFIRM: {
    does: 'Allows the change if the clinician gives a reason. The reason stays with the command and is shown there.',
    example: "confirm('The patient is allergic to penicillin.', { field: 'prescribe' });",
  },
  AMEND: {
    does: 'Replaces proposed values. Fields that you don’t name stay. The new values are checked like any others. It answers an origination, an update, or a commit: other operations write no fields.',
    example: 'amend({ refills: 0 });',
  },
};

const SEARCHES: Told<typeof SEARCH_ANSWERS> = {
  RESULTS: {
    does: 'Sets the whole list: before the built-in search it replaces the search, after it the results. `null` changes nothing.',
    example: "results([{ value: 'I10', text: 'Essential (primary) hypertension' }]);",
  },
  ANNOTATE: {
    does: 'Puts a chip beside the option with this value. The chips of other plugins stay.',
    example: "annotate('314076', 'preferred by the plan');",
  },
  PROMOTE: { does: 'Puts these options first, in this order.', example: "promote('E11.9');" },
  DEMOTE: { does: 'Puts these options last, in this order.', example: "demote('R69');" },
  HIDE: { does: 'Removes these options.', example: "hide('R69');" },
  ADD: {
    does: 'Adds the plugin’s own options after the others.',
    example: "add({ value: 'Z71.3', text: 'Dietary counseling', annotations: ['house list'] });",
  },
};

export function answersPage(): string {
  return [
    GENERATED,
    '# Answers',
    'What a handler returns while somebody waits: for a gate, before something happens, or for an ask, during a search for options. ' +
      'An answer isn’t an effect: it writes nothing and needs no scope. ' +
      `${link('Three kinds', 'events.md')} says which events are gates and asks. Without an answer, the change passes and the options stay.`,
    'Handlers run in the order of their plugins’ priority, lowest first, then by name. A gate sees what the gates before it amended, and ' +
      'a search the list as the handlers before it left it. All of them share 300 ms. If a gate fails, is late, or returns anything ' +
      'else, its manifest’s policy decides: `allow` or `block`. With `allow`, the command keeps that the check didn’t run, and its note ' +
      'shows it. A search continues without such an answer. `log()` can accompany any answer; other effects can’t.',
    '`Option` is `{ value, text, coding? }`, where `coding` is a list of `{ system?, code, display? }`.',
    '## Answers to a gate',
    ...sections(GATE_ANSWERS, GATES),
    '## Answers to a search',
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
