// The events of a chart, newest first: notes with their commands, reports, documents, messages, and appointments; and what came
// without a note, for example through FHIR: questionnaire answers, visits, and findings that no section shows.

import type {
  Appointment,
  Communication,
  DiagnosticReport,
  DocumentReference,
  Encounter,
  Observation,
  QuestionnaireResponse,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import type { ChartReader } from '#chart/contract.ts';
import { commandIds as commandIdsOf } from '#chart/entries-of.ts';
import { readResults, type ResultsRead } from '#chart/results-of.ts';
import { type Score, scoreOf, scoreText } from '#chart/questionnaires/score.ts';
import { keptAnswers } from '@chartwire/sdk/internal/commands/answer-text';
import { commandByKey } from '@chartwire/sdk/internal/commands/index';
import { oneLine } from '@chartwire/sdk/internal/commands/one-line';
import { CHARTS } from '@chartwire/client/internal/contract/charts';
import {
  type Item,
  OTHER_ON_TIMELINE,
  type TIMELINE_TYPES,
  TIMELINE_VALUES,
} from '@chartwire/client/internal/contract/timeline';
import type { CommandEntry } from '@chartwire/sdk/internal/records/command-entry';
import type { Finding } from '@chartwire/sdk/internal/records/findings';
import { gistOf } from '@chartwire/sdk/internal/records/gist';
import { flagOf } from '@chartwire/sdk/internal/records/interpretation';
import type { Note } from '@chartwire/sdk/internal/records/note';
import { typeLabel } from '@chartwire/sdk/internal/records/resource-types';
import { resultName, resultText, resultUnit, shortName } from '@chartwire/sdk/internal/records/result-text';
import { flagOfField, isAdult } from '@chartwire/sdk/internal/records/vital-bounds';
import { searchParametersOf } from '#r4/search-parameters.ts';
import type { Moment, Shown } from '#store/charts.ts';
import { route } from '../route.ts';
import { originOf } from './entries.ts';
import { conceptText, Names } from './names.ts';
import { questionnaireTitles } from './questionnaire-titles.ts';

const ERRONEOUS = 'status=|entered-in-error';

/** A laboratory value is shown unless a report, panel, or note shows it. */
const LABORATORY = 'category=|laboratory';

/** Categories of findings in the chart's summary. */
export const SECTION_CATEGORIES = ['vital-signs', 'laboratory', 'social-history', 'survey'].map(
  (category) => `category=|${category}`,
);

/** A filed document is shown as the report it became. Anything that a note or report shows is only shown there. */
const SHOWN: readonly (Shown & { readonly type: (typeof TIMELINE_TYPES)[number] })[] = [
  { type: 'Note', dates: ['date'], without: ['state=deleted'] },
  { type: 'DiagnosticReport', dates: ['date'], without: [ERRONEOUS] },
  { type: 'DocumentReference', dates: ['date'], without: [ERRONEOUS, 'status=|superseded'] },
  { type: 'Communication', dates: ['sent'], without: [ERRONEOUS] },
  { type: 'Appointment', dates: ['date'], without: [ERRONEOUS] },
  {
    type: 'QuestionnaireResponse',
    dates: ['authored'],
    without: [ERRONEOUS],
    told: { Command: 'made=QuestionnaireResponse/' },
  },
  {
    type: 'Encounter',
    dates: ['date'],
    without: [ERRONEOUS, 'status=|cancelled'],
    told: { Note: 'encounter=' },
    naming: ['appointment=Appointment/'],
  },
  {
    type: 'Observation',
    dates: ['date'],
    without: [ERRONEOUS, 'status=|cancelled', ...SECTION_CATEGORIES.filter((category) => category !== LABORATORY)],
    told: {
      Command: 'made=Observation/',
      DiagnosticReport: 'result=Observation/',
      Observation: 'has-member=Observation/',
    },
  },
  // Types without a searchable date have no place in time.
  ...OTHER_ON_TIMELINE.map((type) => ({ type, dates: datesOf(type), without: [ERRONEOUS] })).filter(
    ({ dates }) => dates.length > 0,
  ),
];

/** Search parameters for the date of a type. */
export function datesOf(type: string): readonly string[] {
  return searchParametersOf(type).flatMap((one) =>
    one.type === 'date' && !one.code.startsWith('_') ? [one.code] : [],
  );
}

export const timeline = route(CHARTS.timeline, async (call, { chart }) => {
  const { patient } = call.params;
  call.concerns(patient);
  const reader = chart.reader(originOf(call));
  const { types, after, limit: size = 30 } = call.query;
  const asked = types === undefined ? SHOWN : SHOWN.filter(({ type }) => types.split(',').includes(type));
  const { items, next } = await reader.lists.timeline(patient, asked, { limit: size, ...(after && { after }) });
  const commands = await commandsIn(reader, items);
  const names = await Names.of(
    reader,
    items.map(({ record }) => authorOf(record)?.reference),
  );
  const results = await resultsIn(reader, items);
  const [person] = await reader.lists.called([{ type: 'Patient', id: patient }]);
  const { birthDate, gender } = person?.record ?? {};
  const scores = await reader.lists.scoresOf([...commands.values()]);
  const titles = await questionnaireTitles(
    reader,
    items.flatMap(({ record }) => (record.resourceType === 'QuestionnaireResponse' ? [record] : [])),
  );
  const around: Around = { commands, scores, names, results, titles, gender, adult: isAdult(birthDate) };
  return { items: items.map((moment) => itemOf(moment, around)), next };
});

/** The commands of all notes on a page, read at once. */
async function commandsIn(
  { lists }: ChartReader,
  moments: readonly Moment[],
): Promise<ReadonlyMap<string, CommandEntry>> {
  const ids = moments.flatMap((moment) => commandIds(moment.record));
  const found = await lists.several(ids.map((id) => ({ type: 'Command' as const, id })));
  return new Map(found.flatMap(({ id, record }) => (record ? [[id, record]] : [])));
}

function commandIds(record: ChartRecord): string[] {
  return record.resourceType === 'Note' ? commandIdsOf(record) : [];
}

function resultsIn(reader: ChartReader, moments: readonly Moment[]): Promise<ResultsRead> {
  const reports = moments.flatMap(({ record }) => (hasResults(record) ? [record] : []));
  const mayRead = reader.readable(['Observation']).length > 0;
  return readResults(reports, async (references) => (mayRead ? reader.lists.several(references) : []));
}

/** What a page needs in addition to its items. */
interface Around {
  readonly commands: ReadonlyMap<string, CommandEntry>;
  /** By command. */
  readonly scores: ReadonlyMap<string, readonly Score[]>;
  readonly names: Names;
  readonly results: ResultsRead;
  /** Of questionnaires, by canonical. */
  readonly titles: Readonly<Record<string, string>>;
  readonly gender: string | undefined;
  /** Abnormal ranges of vital signs are known for adults only. */
  readonly adult: boolean;
}

function itemOf(moment: Moment, around: Around): Item {
  const { commands, scores, names, results, gender, adult } = around;
  const { type, id, version, at, record } = moment;
  const score = record.resourceType === 'QuestionnaireResponse' ? scoreOf(record, gender) : undefined;
  const { title, status, text, author } = saidBy(record, around, score);
  return {
    type: type as Item['type'],
    id,
    version,
    at,
    date: dateOf(record),
    title,
    status: status ?? null,
    author: author ?? names.of(authorOf(record)),
    text: text?.slice(0, 300) ?? null,
    commands: commandIds(record).flatMap((command) => doneBy(commands.get(command), scores.get(command), adult)),
    scores: score ? [scoreLine(score)] : [],
    ...valuesOf(record, results),
  };
}

function hasResults(record: ChartRecord): record is DiagnosticReport | Observation {
  return record.resourceType === 'DiagnosticReport' || record.resourceType === 'Observation';
}

function findingsOf(
  record: ChartRecord,
  results: ResultsRead,
): { readonly found: readonly Finding[]; readonly missing: readonly string[] } {
  return hasResults(record) ? results.findings(record) : { found: [], missing: [] };
}

function valuesOf(record: ChartRecord, results: ResultsRead): Pick<Item, 'values' | 'results'> {
  const { found, missing } = findingsOf(record, results);
  const values = found.map(({ observation }) => {
    const { word, critical } = flagOf(observation) ?? {};
    return {
      name: shortName(resultName(observation)) || 'Unnamed result',
      text: [resultText(observation).slice(0, 100), resultUnit(observation)].filter(Boolean).join(' '),
      flag: word === undefined ? null : { word, critical: critical === true },
    };
  });
  const rank = ({ flag }: (typeof values)[number]): number => (flag === null ? 2 : flag.critical ? 0 : 1);
  const shown = values.toSorted((a, b) => rank(a) - rank(b)).slice(0, TIMELINE_VALUES);
  return { values: shown, results: found.length + missing.length };
}

function doneBy(entry: CommandEntry | undefined, scores: readonly Score[] = [], adult: boolean): Item['commands'] {
  const kind = entry && commandByKey(entry.command);
  if (!entry || !kind) return [];
  const { id, command, state, fields } = entry;
  return [
    {
      id,
      command,
      label: kind.label,
      state,
      text: oneLine(kind, fields, adult ? flagOfField : undefined),
      scores: scores.map(scoreLine),
    },
  ];
}

function scoreLine(score: Score): Item['commands'][number]['scores'][number] {
  const critical = score.critical.map(({ question, answer }) => `${question}: ${answer}`);
  return { text: scoreText(score), abnormal: score.abnormal, critical };
}

/** The day of a record without a time: its `at` is the start of that day in UTC, which may be another day locally. */
function dateOf(record: ChartRecord): string | null {
  const written = writtenDate(record);
  return written === undefined || written.includes('T') ? null : written;
}

const OTHERS: ReadonlySet<string> = new Set(OTHER_ON_TIMELINE);

function isOther(record: ChartRecord): record is Resource {
  return OTHERS.has(record.resourceType);
}

function writtenDate(resource: ChartRecord): string | undefined {
  switch (resource.resourceType) {
    case 'DiagnosticReport':
      return resource.effectiveDateTime ?? resource.effectivePeriod?.end ?? resource.effectivePeriod?.start;
    case 'DocumentReference':
      return resource.date;
    case 'Communication':
      return resource.sent;
    case 'QuestionnaireResponse':
      return resource.authored;
    case 'Encounter':
      return resource.period?.start;
    case 'Observation':
      return resource.effectiveDateTime ?? resource.effectivePeriod?.start;
    default:
      return isOther(resource) ? gistOf(resource).date : undefined;
  }
}

interface Said {
  readonly title: string;
  readonly status?: string | undefined;
  readonly text?: string | undefined;
  readonly author?: string | undefined;
}

/** `SHOWN` has these types. */
type Shows =
  | Note
  | DiagnosticReport
  | DocumentReference
  | Communication
  | Appointment
  | QuestionnaireResponse
  | Encounter
  | Observation;

function saidBy(shown: ChartRecord, { titles }: Around, score: Score | undefined): Said {
  if (isOther(shown)) {
    const { title, text, status } = gistOf(shown);
    const kind = typeLabel(shown.resourceType);
    return { title: title ?? kind, status, text: [title && kind, text].filter(Boolean).join(' · ') };
  }
  const record = shown as Shows;
  if (record.resourceType === 'Note') {
    const free = record.body
      .flatMap((line) => ('text' in line ? [line.text] : []))
      .join('\n')
      .trim();
    const { title, state: status, author } = record;
    return { title, status, author: author.display ?? author.id, text: free || undefined };
  }
  const { status } = record;
  switch (record.resourceType) {
    case 'DiagnosticReport':
      return { title: conceptText(record.code) ?? 'Report', status, text: record.conclusion };
    case 'DocumentReference': {
      const title = record.content[0]?.attachment.title ?? conceptText(record.type) ?? 'Document';
      return { title, status, text: record.description };
    }
    case 'Communication': {
      const text = record.payload?.flatMap(({ contentString }) => contentString ?? []).join('\n');
      return { title: conceptText(record.topic) ?? 'Message', status, text };
    }
    case 'Appointment': {
      const title = conceptText(record.appointmentType) ?? conceptText(record.serviceType?.[0]) ?? 'Appointment';
      return { title, status, text: conceptText(record.reasonCode?.[0]) ?? record.description };
    }
    case 'QuestionnaireResponse': {
      const title = titles[record.questionnaire ?? ''] ?? 'Answers to a questionnaire';
      // A score's text needs no answers next to it.
      return { title, status, text: score ? undefined : keptAnswers(record.item ?? []) };
    }
    case 'Encounter': {
      const place = record.location?.find(({ location }) => location.display)?.location.display;
      const reason = record.reasonCode?.map(conceptText).filter(Boolean).join('; ');
      const title = capital(conceptText(record.type?.[0]) ?? record.class?.display ?? 'Visit');
      return { title, status, text: [place ?? record.serviceProvider?.display, reason].filter(Boolean).join(': ') };
    }
    case 'Observation':
      return { title: shortName(resultName(record)) || 'Unnamed finding', status, text: record.note?.[0]?.text };
  }
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** The author; for an appointment, the provider. */
function authorOf(resource: ChartRecord): Reference | undefined {
  switch (resource.resourceType) {
    case 'DiagnosticReport':
      return resource.performer?.[0] ?? resource.resultsInterpreter?.[0];
    case 'DocumentReference':
      return resource.author?.[0];
    case 'Communication':
      return resource.sender;
    case 'Appointment':
      return resource.participant.find(({ actor }) => actor?.reference?.startsWith('Practitioner/'))?.actor;
    case 'QuestionnaireResponse':
      return resource.source ?? resource.author;
    case 'Encounter':
      return resource.participant?.find(({ individual }) => individual)?.individual;
    case 'Observation':
      return resource.performer?.[0];
    default:
      return undefined;
  }
}
