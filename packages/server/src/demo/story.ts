// The language the demo patients are written in: a story says what matters, the themes beside this file fill in the rest.

import type { Appointment, Goal, Task } from '@medplum/fhirtypes';
import type { Clock, Span, When } from './calendar.ts';
import type { AllergenName, ReactionName } from './codes/allergens.ts';
import type { AnalyteName, Sex } from './codes/analytes.ts';
import type { Icd10 } from './codes/conditions.ts';
import type { DocumentName, StudyName } from './codes/documents.ts';
import type { DrugName } from './codes/drugs.ts';
import type { PanelName } from './codes/panels.ts';
import type { VaccineName } from './codes/vaccines.ts';
import type { SCORES, TOBACCO_ANSWERS, VitalName } from './codes/vitals.ts';
import type { ClinicianKey, PayerKey } from './practice.ts';

/** Values from the first visit to the last, in the measure's unit; the visits between are on the line through them. */
export type Trend = readonly number[];

export interface Story {
  /** Names the patient in the generator; ids are made from it, so it never changes. */
  readonly key: string;
  readonly given: readonly string[];
  readonly family: string;
  /** Determines the laboratory's normal ranges. */
  readonly sex: Sex;
  /** Administrative gender, where it is not the sex. */
  readonly gender?: 'other' | 'female' | 'male';
  readonly age: Span;
  readonly street: string;
  /** BCP 47, where it is not English. */
  readonly language?: 'ar' | 'es' | 'vi';
  /** Parent, daughter, partner: whom to call. */
  readonly contact: Contact;
  readonly clinician: ClinicianKey;
  readonly payer: PayerKey;
  readonly tobacco?: keyof typeof TOBACCO_ANSWERS;

  /** Oldest first. */
  readonly visits: readonly Visit[];
  readonly vitals: Readonly<Partial<Record<VitalName, Trend>>>;
  /** Abnormal results; all others are normal. */
  readonly labs?: Readonly<Partial<Record<AnalyteName, Trend>>>;
  readonly conditions: readonly ConditionStory[];
  readonly medications: readonly MedicationStory[];
  /** Empty: asked, and there are none. */
  readonly allergies: readonly AllergyStory[];
  readonly vaccines: Vaccines;
  readonly scores?: Readonly<Partial<Record<keyof typeof SCORES, Trend>>>;
  readonly imaging?: readonly ImagingStory[];
  readonly documents?: readonly DocumentStory[];
  readonly orders?: readonly { readonly panel: PanelName; readonly when: When }[];
  readonly appointments?: readonly AppointmentStory[];
  readonly tasks?: readonly TaskStory[];
  /** Oldest first. */
  readonly messages?: readonly MessageStory[];
  readonly goals?: readonly GoalStory[];
  readonly relatives?: readonly RelativeStory[];
}

export interface Contact {
  readonly name: readonly [given: string, family: string];
  /** HL7 v3 RoleCode. */
  readonly role: 'MTH' | 'FTH' | 'DAU' | 'SON' | 'SPS' | 'DOMPART' | 'SIS' | 'BRO';
}

export interface Visit {
  readonly when: When;
  readonly reason: string;
  readonly for: Icd10;
  readonly clinician?: ClinicianKey;
  /** Drawn at the visit. */
  readonly labs?: readonly PanelName[];
  /** A stay in hospital of that many days; elsewhere, so nothing was measured here. */
  readonly hospitalDays?: number;
}

export interface ConditionStory {
  readonly code: Icd10;
  readonly since: When;
  readonly until?: When;
  readonly note?: string;
}

export interface MedicationStory {
  readonly drug: DrugName;
  readonly sig: string;
  /** How often, as HL7 v3 GTSAbbreviation; `PRN` as needed. */
  readonly often: 'QD' | 'BID' | 'TID' | 'QID' | 'Q4H' | 'Q6H' | 'WK' | 'PRN';
  readonly since: When;
  /** The day it was finished or stopped. */
  readonly until?: When;
  /** Why it was stopped before it was finished. */
  readonly stopped?: string;
  readonly for: Icd10;
  /** What one prescription supplies; without it the patient buys it over the counter. */
  readonly supply?: {
    readonly quantity: number;
    readonly unit: string;
    readonly days: number;
    readonly refills: number;
  };
}

export interface AllergyStory {
  readonly to: AllergenName;
  readonly reaction: ReactionName;
  readonly severity: 'mild' | 'moderate' | 'severe';
  /** An intolerance unless it is an allergy: a cough from an ACE inhibitor is no immune reaction. */
  readonly intolerance?: boolean;
  readonly since: When;
}

export interface Vaccines {
  /** Give the whole childhood schedule, as far as the patient's age reaches. */
  readonly childhood?: boolean;
  /** Autumns, back from the last, in which a flu shot was given. */
  readonly flu?: number;
  readonly others?: readonly { readonly vaccine: VaccineName; readonly when: When; readonly reported?: boolean }[];
}

export interface ImagingStory {
  readonly study: StudyName;
  readonly when: When;
  readonly conclusion: string;
}

export interface DocumentStory {
  readonly kind: DocumentName;
  readonly when: When;
  readonly title: string;
  readonly text: string;
}

export interface AppointmentStory {
  readonly when: When;
  readonly at: Clock;
  readonly minutes: number;
  readonly status: Appointment['status'];
  readonly reason: string;
  readonly clinician?: ClinicianKey;
}

export interface TaskStory {
  readonly title: string;
  readonly status: Task['status'];
  readonly created: When;
  readonly due?: When;
  readonly priority?: Task['priority'];
  readonly owner: ClinicianKey;
  readonly labels?: readonly string[];
  readonly comments?: readonly { readonly by: ClinicianKey; readonly when: When; readonly text: string }[];
}

export interface MessageStory {
  /** Who of the practice wrote it; without it the patient did. */
  readonly by?: ClinicianKey;
  readonly when: When;
  /** Of the day. */
  readonly minute: number;
  readonly text: string;
  /** Nobody of the practice has read it yet. */
  readonly unread?: true;
}

export interface GoalStory {
  readonly text: string;
  readonly since: When;
  readonly due?: When;
  readonly status: Goal['lifecycleStatus'];
  readonly achievement: 'in-progress' | 'improving' | 'achieved' | 'not-achieved';
  readonly measure?:
    | { readonly analyte: AnalyteName; readonly vital?: never; readonly below: number }
    | { readonly analyte?: never; readonly vital: VitalName; readonly below: number };
}

export interface RelativeStory {
  readonly role: Contact['role'] | 'GRMTH' | 'GRFTH';
  readonly conditions: readonly { readonly code: Icd10; readonly age?: number }[];
  readonly deceased?: boolean;
}
