// What a record says, as words and their values: what is common to all, and what is of its type.

import type {
  CodeableConcept,
  Dosage,
  Period,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import type { ReactNode } from 'react';
import { literalOf } from '@chartwire/sdk/internal/kit/json/literals';
import { EXTENSION } from '@chartwire/sdk/internal/kit/systems';
import { enteredText } from '@chartwire/sdk/internal/records/entered-as';
import { flagOf } from '@chartwire/sdk/internal/records/interpretation';
import { gistOf } from '@chartwire/sdk/internal/records/gist';
import { OTHER_TYPES } from '@chartwire/sdk/internal/records/other-records';
import { typeLabel } from '@chartwire/sdk/internal/records/resource-types';
import { isReviewed, type Report, reviewsOf } from '@chartwire/sdk/internal/records/review';
import { normalText, resultText, resultUnit } from '@chartwire/sdk/internal/records/result-text';
import { Who } from '../fhir/who.tsx';
import { conceptText, nameText, quantityText, sexText } from '../fhir/words.ts';
import { clockText, dayText } from '../ui/time.tsx';
import { reactionText } from './allergies.ts';
import { appointmentText } from './care.tsx';
import { targetText } from './goals.tsx';
import { relativeText } from './history.tsx';
import { medicationName } from './medications.ts';
import { whenOf } from './readings.ts';
import { fieldsOf } from './record-fields.ts';

export type Fact = readonly [label: string, value: ReactNode];

/** Its title at the head of the panel. */
export function recordTitle(record: Resource, questionnaires: Readonly<Record<string, string>> = {}): string {
  switch (record.resourceType) {
    case 'MedicationRequest':
    case 'MedicationStatement':
      return medicationName(record);
    case 'Immunization':
      return conceptText(record.vaccineCode);
    case 'Goal':
      return conceptText(record.description);
    case 'Task':
      return record.description ?? 'Task';
    case 'DocumentReference':
      return record.content[0]?.attachment.title ?? record.description ?? conceptText(record.type);
    case 'Appointment':
      return appointmentText(record);
    case 'FamilyMemberHistory':
      return conceptText(record.relationship);
    case 'GuidanceResponse':
      return record.extension?.find(({ url }) => url === EXTENSION.cardTitle)?.valueString ?? 'Guidance';
    case 'Communication':
      return conceptText(record.topic) || 'Message';
    case 'Coverage':
      return record.payor[0]?.display ?? 'Coverage';
    case 'Patient':
      return nameText(record.name);
    case 'QuestionnaireResponse':
      return interviewTitle(record, questionnaires);
    case 'CarePlan':
      return record.title ?? conceptText(record.category?.[0]);
    case 'Encounter':
      return conceptText(record.type?.[0]) || record.class?.display || 'Visit';
    default:
      return codedTitle(record) || gistOf(record).title || typeLabel(record.resourceType);
  }
}

/** By the title of its questionnaire, else by the end of its address, where that is a name. */
export function interviewTitle(
  { questionnaire = '' }: QuestionnaireResponse,
  questionnaires: Readonly<Record<string, string>> = {},
): string {
  const end = /\/([a-z][a-z0-9-]{1,20})$/i.exec(questionnaire.split('|')[0]!)?.[1];
  return questionnaires[questionnaire] ?? end?.toUpperCase() ?? 'Answers to a questionnaire';
}

function codedTitle(record: Resource): string {
  switch (record.resourceType) {
    case 'Condition':
    case 'AllergyIntolerance':
    case 'Observation':
    case 'DiagnosticReport':
    case 'ServiceRequest':
    case 'Procedure':
    case 'Flag':
      return conceptText(record.code);
    default:
      return '';
  }
}

export function factsOf(record: Resource): readonly Fact[] {
  return [...ofItsType(record), ...ofAll(record)];
}

function ofItsType(record: Resource): readonly Fact[] {
  switch (record.resourceType) {
    case 'Condition':
      return [
        ['Codes', codes(record.code)],
        ['Clinical status', conceptText(record.clinicalStatus)],
        ['Verification', conceptText(record.verificationStatus)],
        ['Onset', day(record.onsetDateTime ?? record.onsetPeriod?.start) || record.onsetString],
        ['Resolved', day(record.abatementDateTime)],
        ['Severity', conceptText(record.severity)],
        ['Recorded', day(record.recordedDate)],
        ['By', who(record.recorder ?? record.asserter)],
      ];
    case 'MedicationRequest':
      return [
        ['Codes', codes(record.medicationCodeableConcept)],
        ['Directions', directions(record.dosageInstruction)],
        ['Quantity', quantityText(record.dispenseRequest?.quantity)],
        ['Supply', quantityText(record.dispenseRequest?.expectedSupplyDuration)],
        ['Refills', record.dispenseRequest?.numberOfRepeatsAllowed],
        ['Reason', concepts(record.reasonCode)],
        ['Prescribed', day(record.authoredOn)],
        ['By', who(record.requester)],
        ['Reason stopped', conceptText(record.statusReason)],
      ];
    case 'MedicationStatement':
      return [
        ['Codes', codes(record.medicationCodeableConcept)],
        ['Directions', directions(record.dosage)],
        ['Taken', period(record.effectivePeriod) || day(record.effectiveDateTime)],
        ['Reason', concepts(record.reasonCode)],
        ['Asserted', day(record.dateAsserted)],
        ['By', who(record.informationSource)],
        ['Reason stopped', concepts(record.statusReason)],
      ];
    case 'AllergyIntolerance':
      return [
        ['Codes', codes(record.code)],
        ['Kind', [record.type, ...(record.category ?? [])].filter(Boolean).join(', ')],
        ['Reactions', reactionText(record)],
        ['Criticality', record.criticality],
        ['Clinical status', conceptText(record.clinicalStatus)],
        ['Onset', day(record.onsetDateTime)],
        ['Recorded', day(record.recordedDate)],
        ['By', who(record.recorder)],
      ];
    case 'Goal':
      return [
        ['Target', targetText(record)],
        ['State', record.lifecycleStatus],
        ['Achievement', conceptText(record.achievementStatus)],
        ['Priority', conceptText(record.priority)],
        ['Since', day(record.startDate)],
        ['By', who(record.expressedBy)],
      ];
    case 'Observation':
      return [
        ['Codes', codes(record.code)],
        ['Value', [resultText(record), resultUnit(record)].filter(Boolean).join(' ')],
        ['Entered as', enteredText(record)],
        ['Interpretation', flagOf(record)?.word ?? concepts(record.interpretation)],
        ['Reference range', normalText(record)],
        ['Measured', moment(whenOf(record))],
        ['By', who(record.performer?.[0])],
        ['Method', conceptText(record.method)],
        ['Body site', conceptText(record.bodySite)],
        ...reviewsIn(record),
      ];
    case 'QuestionnaireResponse':
      return [
        ['Answered', moment(record.authored)],
        ['By', who(record.author ?? record.source)],
        ...answersIn(record.item ?? []),
      ];
    case 'DiagnosticReport':
      return [
        ['Kind', concepts(record.category)],
        ['Effective', moment(record.effectiveDateTime ?? record.effectivePeriod?.start)],
        ['Issued', moment(record.issued)],
        ['By', who(record.performer?.[0])],
        ['Interpreted by', who(record.resultsInterpreter?.[0])],
        ['Conclusion', record.conclusion],
        ...reviewsIn(record),
      ];
    case 'DocumentReference':
      return [
        ['Kind', conceptText(record.type)],
        ['Date', day(record.date)],
        ['Author', who(record.author?.[0] ?? record.custodian)],
        ['Description', record.description],
        ...reviewsIn(record),
      ];
    case 'Immunization':
      return [
        ['Codes', codes(record.vaccineCode)],
        ['Given', day(record.occurrenceDateTime) || record.occurrenceString],
        ['Lot', record.lotNumber],
        ['Expires', day(record.expirationDate)],
        ['Route', conceptText(record.route)],
        ['Site', conceptText(record.site)],
        ['By', who(record.performer?.[0]?.actor)],
        ['Not given because', conceptText(record.statusReason)],
      ];
    case 'Task':
      return [
        ['Assigned to', who(record.owner)],
        ['Requested by', who(record.requester)],
        ['Created', day(record.authoredOn)],
        ['Due', day(record.restriction?.period?.end)],
        ['Priority', record.priority],
        ['About', record.focus?.display ?? record.focus?.reference],
      ];
    case 'ServiceRequest':
      return [
        ['Codes', codes(record.code)],
        ['Kind', concepts(record.category)],
        ['For', day(record.occurrenceDateTime)],
        ['Priority', record.priority],
        ['Ordered', day(record.authoredOn)],
        ['By', who(record.requester)],
        ['To', who(record.performer?.[0])],
        ['Reason', concepts(record.reasonCode)],
      ];
    case 'Procedure':
      return [
        ['Codes', codes(record.code)],
        ['Performed', moment(record.performedDateTime) || period(record.performedPeriod)],
        ['By', who(record.performer?.[0]?.actor)],
        ['Reason', concepts(record.reasonCode)],
        ['Outcome', conceptText(record.outcome)],
      ];
    case 'Appointment':
      return [
        ['When', record.start && `${dayText(record.start)}, ${clockText(record.start)}`],
        ['Minutes', record.minutesDuration],
        [
          'With',
          record.participant
            .map(({ actor }) => actor?.display)
            .filter(Boolean)
            .join(', '),
        ],
        ['Comment', record.comment],
      ];
    case 'FamilyMemberHistory':
      return [
        ['Conditions', relativeText(record)],
        ['Name', record.name],
        ['Recorded', day(record.date)],
      ];
    case 'Coverage':
      return [
        ['Kind', conceptText(record.type)],
        ['Member number', record.subscriberId],
        ['Rank', record.order],
        ['Relationship', conceptText(record.relationship)],
        ['Valid', period(record.period)],
        ['Plan', record.class?.map(({ name, value }) => name ?? value).join(', ')],
      ];
    case 'Communication':
      return [
        ['From', who(record.sender)],
        ['Sent', moment(record.sent)],
        ['Text', record.payload?.map(({ contentString }) => contentString).join('\n')],
      ];
    case 'Encounter':
      return [
        ['Kind', record.class?.display ?? record.class?.code],
        ['When', period(record.period)],
        ['Location', record.location?.flatMap(({ location }) => location.display ?? []).join(', ')],
        ['Organization', who(record.serviceProvider)],
        ['With', who(record.participant?.find(({ individual }) => individual)?.individual)],
        ['Reason', concepts(record.reasonCode)],
        ['Discharged to', conceptText(record.hospitalization?.dischargeDisposition)],
      ];
    case 'CarePlan':
      return [
        ['Kind', concepts(record.category)],
        ['Valid', period(record.period)],
        ['Activities', record.activity?.map(({ detail }) => conceptText(detail?.code)).join('; ')],
      ];
    case 'Patient':
      return [
        ['Birth date', day(record.birthDate)],
        ['Sex', sexText(record.gender)],
        ['Contact', record.telecom?.flatMap(({ value }) => value ?? []).join(', ')],
      ];
    case 'Flag':
      return [
        ['Shown', period(record.period)],
        ['Kind', concepts(record.category)],
      ];
    default:
      return fieldsOf(record);
  }
}

/** It is told by its fields as they stand: no words of ours are for its type. */
export function hasFields(record: Resource): boolean {
  return OTHER_TYPES.some((type) => type === record.resourceType);
}

function ofAll(record: Resource): readonly Fact[] {
  const status = 'status' in record && typeof record.status === 'string' ? record.status : undefined;
  const notes = 'note' in record && Array.isArray(record.note) ? record.note : [];
  return [
    ['Status', status],
    ...notes.map(({ text, time, authorString, authorReference }): Fact => {
      const by = authorString ?? authorReference?.display;
      return ['Note', [text, [by, day(time)].filter(Boolean).join(', ')].filter(Boolean).join(' — ')];
    }),
  ];
}

/** Who looked at it, and at which version: the latest first. */
function reviewsIn(report: Report): readonly Fact[] {
  const reviews = reviewsOf(report);
  const changed = reviews.length > 0 && !isReviewed(report);
  return [
    ...(changed ? [['Review', 'changed since its last review'] as const] : []),
    ...reviews.map(({ at, by, comment, version }): Fact => {
      const of = version === null ? '' : `, version ${version}`;
      return [
        'Reviewed',
        <span key={at}>
          {who(by)}
          {`, ${moment(at)}${of}${comment === null ? '' : `: ${comment}`}`}
        </span>,
      ];
    }),
  ];
}

/** Each question with its answers, also those within others. */
function answersIn(items: readonly QuestionnaireResponseItem[]): readonly Fact[] {
  return items.flatMap(({ linkId, text, answer = [], item = [] }) => [
    ...(answer.length > 0 ? [[text ?? linkId, answer.map(answerText).join('; ')] as const] : []),
    ...answersIn([...item, ...answer.flatMap((one) => one.item ?? [])]),
  ]);
}

function answerText(answer: QuestionnaireResponseItemAnswer): string {
  const { valueCoding, valueBoolean, valueQuantity, valueReference, valueAttachment } = answer;
  if (valueCoding) return valueCoding.display ?? valueCoding.code ?? '';
  if (valueBoolean !== undefined) return valueBoolean ? 'yes' : 'no';
  const decimal = literalOf(answer, 'valueDecimal') ?? answer.valueDecimal;
  const number = valueQuantity ? quantityText(valueQuantity) : (answer.valueInteger ?? decimal);
  const time = answer.valueDate ?? answer.valueDateTime ?? answer.valueTime;
  const named = valueReference?.display ?? valueReference?.reference ?? valueAttachment?.title;
  return String(number ?? answer.valueString ?? time ?? answer.valueUri ?? named ?? '');
}

function codes(concept: CodeableConcept | undefined): ReactNode {
  return concept?.coding?.map(({ code, display }) => [code, display].filter(Boolean).join(' ')).join('; ');
}

function concepts(list: readonly CodeableConcept[] | undefined): string | undefined {
  return list?.map(conceptText).filter(Boolean).join('; ');
}

function directions(dosages: readonly Dosage[] | undefined): string | undefined {
  return dosages?.map(({ text, patientInstruction }) => text ?? patientInstruction).join('; ');
}

function day(date: string | undefined): string {
  return dayText(date);
}

function moment(time: string | undefined): string {
  if (!time) return '';
  return time.length > 10 ? `${dayText(time)}, ${clockText(time)}` : dayText(time);
}

function period(span: Period | undefined): string {
  if (!span?.start && !span?.end) return '';
  return [span.start && `from ${dayText(span.start)}`, span.end && `to ${dayText(span.end)}`].filter(Boolean).join(' ');
}

function who(reference: Reference | undefined): ReactNode {
  return reference && <Who reference={reference} />;
}
