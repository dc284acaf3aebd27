// Every command. To add one, write its file and list it here.

import type { CommandKind } from '#kit/command-kind.ts';
import { Allergy } from './allergy.ts';
import { Assess } from './assess.ts';
import { CloseGoal } from './close-goal.ts';
import { Diagnose } from './diagnose.ts';
import { FamilyHistory } from './family-history.ts';
import { Goal } from './goal.ts';
import { Hpi } from './hpi.ts';
import { ImagingOrder } from './imaging-order.ts';
import { ImmunizationStatement } from './immunization-statement.ts';
import { Immunize } from './immunize.ts';
import { Instruct } from './instruct.ts';
import { LabOrder } from './lab-order.ts';
import { MedicationStatement } from './medication-statement.ts';
import { PastMedicalHistory } from './past-medical-history.ts';
import { Perform } from './perform.ts';
import { Plan } from './plan.ts';
import { Prescribe } from './prescribe.ts';
import { Questionnaire } from './questionnaire.ts';
import { ReasonForVisit } from './reason-for-visit.ts';
import { Refer } from './refer.ts';
import { RemoveAllergy } from './remove-allergy.ts';
import { ResolveCondition } from './resolve-condition.ts';
import { StopMedication } from './stop-medication.ts';
import { Task } from './task.ts';
import { UpdateGoal } from './update-goal.ts';
import { Vitals } from './vitals.ts';

export const COMMANDS = [
  Allergy,
  Assess,
  CloseGoal,
  Diagnose,
  FamilyHistory,
  Goal,
  Hpi,
  ImagingOrder,
  ImmunizationStatement,
  Immunize,
  Instruct,
  LabOrder,
  MedicationStatement,
  PastMedicalHistory,
  Perform,
  Plan,
  Prescribe,
  Questionnaire,
  ReasonForVisit,
  Refer,
  RemoveAllergy,
  ResolveCondition,
  StopMedication,
  Task,
  UpdateGoal,
  Vitals,
] as const;

export type AnyCommand = (typeof COMMANDS)[number];
export type CommandKey = AnyCommand['key'];

const byKey = new Map<string, CommandKind>(COMMANDS.map((command) => [command.key, command]));

export function commandByKey(key: string): CommandKind | undefined {
  return byKey.get(key);
}
