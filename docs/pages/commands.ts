// docs/catalogue/commands.md

import { COMMANDS } from '#commands/index.ts';
import { actionsOf, type CommandKind, type Field, type Search } from '#kit/command-kind.ts';
import { ALLERGENS, ALLERGY_REACTIONS, CVX, HCPCS, ICD10CM, LOINC, RXNORM, SNOMED } from '#kit/systems.ts';
import { headingOf } from './events.ts';
import { code, GENERATED, link, shapeOf, table } from './markdown.ts';

const SYSTEMS: Readonly<Record<string, string>> = {
  [ALLERGENS]: 'allergens',
  [ALLERGY_REACTIONS]: 'reactions',
  [CVX]: 'CVX',
  [HCPCS]: 'HCPCS',
  [ICD10CM]: 'ICD-10-CM',
  [LOINC]: 'LOINC',
  [RXNORM]: 'RxNorm',
  [SNOMED]: 'SNOMED CT',
};

export function commandsPage(): string {
  return [
    GENERATED,
    '# Commands',
    'What a clinician writes in a note, one structured entry each. A command is staged, then committed or deleted. A committed command ' +
      'can be entered in error. Some commands can be in review in between.',
    'A field with a search holds an `Option`: `{ value, text, coding? }`, where `coding` is a list of `{ system?, code, display? }`.',
    COMMANDS.map(({ label }) => link(label)).join(' · '),
    ...COMMANDS.map(section),
  ].join('\n\n');
}

function section(command: CommandKind): string {
  const actions = actionsOf(command).map(code).join(', ');
  const review = command.review ? ' Can be in review.' : '';
  return [
    `## ${command.label}`,
    `${command.summary}`,
    `Key ${code(command.key)} · events ${link(headingOf(command), 'events.md')}, beginning with ${code(command.prefix)} · actions ${actions}.${review}`,
    table(
      ['field', 'label', 'holds', 'needed to commit', 'options from'],
      Object.entries(command.fields).map(([name, field]) => [
        code(name),
        field.label,
        holds(field),
        needed(field),
        field.search ? options(field.search) : '',
      ]),
    ),
  ].join('\n\n');
}

function holds({ schema, unit, initial }: Field): string {
  const measured = unit ? `${shapeOf(schema)}, in ${code(unit)}` : shapeOf(schema);
  if (initial === undefined) return measured;
  return `${measured}; at first ${initial === 'today' ? 'today' : 'the author'}`;
}

function needed({ needed: need }: Field): string {
  if (need === undefined) return '';
  return need === true ? 'yes' : `unless ${need.unless.map(code).join(' or ')}`;
}

function options(search: Search): string {
  switch (search.from) {
    case 'terms':
      return [
        ...search.systems.map((system) => SYSTEMS[system] ?? system),
        search.words && 'words',
        search.prefer && `${code(search.prefer)} first`,
      ]
        .filter(Boolean)
        .join(', ');
    case 'chart':
      return `the patient’s ${filtered(search.type, search.filter)}`;
    case 'records':
      return search.types.map((type) => filtered(type, search.filters?.[type])).join(', ');
  }
}

function filtered(type: string, filter?: string): string {
  return filter ? `${type} with ${code(filter)}` : type;
}
