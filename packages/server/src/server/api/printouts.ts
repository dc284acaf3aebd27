// Printouts: a note, and a command by itself, as PDFs.

import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { ChartReader } from '#chart/contract.ts';
import type { Answers } from '@chartwire/sdk/internal/commands/questionnaire-answers';
import { isOption } from '@chartwire/sdk/internal/commands/words';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import { PDF, PRINTOUTS, UNPRINTABLE } from '@chartwire/client/internal/contract/printouts';
import { PDF_HEADERS } from '../headers.ts';
import { chosenAnswers, printedAnswers } from '../print/answers.ts';
import { commandPrintout } from '../print/command-printout.ts';
import { notePrintout } from '../print/note-printout.ts';
import { printedPatient } from '../print/patient-facts.ts';
import { pdfOf } from '../print/pdf.ts';
import type { Fact, PrintedPatient, Printout } from '../print/printout.ts';
import { type PrintSetting, whoText } from '../print/setting.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import { commandWithResults, entered, noteView, originOf } from './entries.ts';

export const PRINTOUT_ROUTES: RoutesOf<typeof PRINTOUTS> = {
  note: route(PRINTOUTS.note, async (call, services) => {
    const stored = await entered(call, services, 'Note', call.params.id);
    const reader = services.chart.reader(originOf(call));
    const setting = await settingOf(call, services);
    const found = await reader.lists.commandsOf(stored.entry);
    const commands = await Promise.all(found.map((command) => commandWithResults(reader, command)));
    const asked = await Promise.all(
      commands.map(async (one) => [one.id, await answersOf(reader, one, setting)] as const),
    );
    const answers = new Map(asked.flatMap(([id, facts]) => (facts ? [[id, facts] as const] : [])));
    const patient = await patientOf(reader, stored.entry.patient, setting);
    return answerWith(notePrintout({ note: noteView(stored), commands, patient, answers }, setting));
  }),
  command: route(PRINTOUTS.command, async (call, services) => {
    const stored = await entered(call, services, 'Command', call.params.id);
    const reader = services.chart.reader(originOf(call));
    const command = await commandWithResults(reader, stored);
    const note = noteView(await entered(call, services, 'Note', command.note));
    const setting = await settingOf(call, services);
    const patient = await patientOf(reader, command.patient, setting);
    const answers = await answersOf(reader, command, setting);
    const { committer: by, committedAt: at } = stored.entry;
    const committed = by && at !== undefined ? { by, at } : undefined;
    return answerWith(commandPrintout({ command, committed, note, patient, answers }, setting));
  }),
};

async function settingOf({ access }: Pick<Call, 'access'>, services: Services): Promise<PrintSetting> {
  return {
    kinds: new Map((services.commands ?? []).map((kind) => [kind.key, kind])),
    timeZone: await services.practice.timeZone(),
    by: whoText(access.actor),
    at: new Date().toISOString(),
  };
}

async function patientOf(reader: ChartReader, id: string, { timeZone }: PrintSetting): Promise<PrintedPatient> {
  return printedPatient((await reader.current('Patient', id))?.record, timeZone);
}

/** For a questionnaire: the answers in its response, or the current choices before a commit. */
async function answersOf(
  reader: ChartReader,
  { made, fields }: CommandShape,
  { timeZone }: PrintSetting,
): Promise<readonly Fact[] | undefined> {
  const response = made.find(({ type }) => type === 'QuestionnaireResponse');
  if (response) {
    const found = (await reader.current('QuestionnaireResponse', response.id))?.record;
    if (found) return printedAnswers(found as QuestionnaireResponse, timeZone);
  }
  if (!isOption(fields.questionnaire) || !fields.answers) return undefined;
  const asked = (await reader.current('Questionnaire', String(fields.questionnaire.value)))?.record;
  return asked && chosenAnswers(asked as Questionnaire, fields.answers as Answers, timeZone);
}

async function answerWith(printout: Printout): Promise<Response> {
  const name = encodeURIComponent(`${printout.title} ${printout.patient.name}`.slice(0, 100).toWellFormed());
  const { bytes, unprintable } = await pdfOf(printout);
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...PDF_HEADERS,
      ...(unprintable > 0 && { [UNPRINTABLE]: `${unprintable}` }),
      'content-type': PDF,
      'content-disposition': `inline; filename*=UTF-8''${name.replace(/['()*]/g, '_')}.pdf`,
    },
  });
}
