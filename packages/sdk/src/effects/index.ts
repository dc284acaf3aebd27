// Every effect that a plugin can return. To add one, write its definition and list it here.

import type { Static } from 'typebox';
import {
  AddAppointmentLabels,
  CancelAppointment,
  CreateAppointment,
  MoveAppointment,
  RemoveAppointmentLabels,
  RescheduleAppointment,
  UpdateAppointment,
} from './appointment.ts';
import { AddBannerAlert, RemoveBannerAlert } from './banner-alert.ts';
import { AddBillingLineItem, RemoveBillingLineItem, UpdateBillingLineItem } from './billing-line-item.ts';
import {
  CommitCommand,
  DeleteCommand,
  EditCommand,
  EnterCommandInError,
  ExecuteCommandAction,
  OriginateCommand,
  OriginateCommands,
} from './command.ts';
import type { EffectDefinition } from './definition.ts';
import { HttpRequest, SendWebhook } from './http-request.ts';
import { Log } from './log.ts';
import { SendMessage } from './message.ts';
import { CreateNote, MoveNote } from './note.ts';
import { AddOrUpdateProtocolCard } from './protocol-card.ts';
import { CreateQuestionnaireResult } from './questionnaire-result.ts';
import { CreateRecord, PatchRecord, UpdateRecord } from './record.ts';
import { AdjustTaskLabels, CommentOnTask, CreateTask, UpdateTask } from './task.ts';

export const EFFECTS = [
  CreateRecord,
  UpdateRecord,
  PatchRecord,
  CreateTask,
  UpdateTask,
  CommentOnTask,
  AdjustTaskLabels,
  CreateAppointment,
  UpdateAppointment,
  CancelAppointment,
  MoveAppointment,
  RescheduleAppointment,
  AddAppointmentLabels,
  RemoveAppointmentLabels,
  AddBannerAlert,
  RemoveBannerAlert,
  AddOrUpdateProtocolCard,
  SendMessage,
  AddBillingLineItem,
  UpdateBillingLineItem,
  RemoveBillingLineItem,
  OriginateCommand,
  OriginateCommands,
  EditCommand,
  CommitCommand,
  DeleteCommand,
  EnterCommandInError,
  ExecuteCommandAction,
  CreateQuestionnaireResult,
  CreateNote,
  MoveNote,
  HttpRequest,
  SendWebhook,
  Log,
] as const;

type AnyEffect = (typeof EFFECTS)[number];

export type EffectType = AnyEffect['type'];

/** Effect types to their payloads. */
export type EffectPayloads = { [E in AnyEffect as E['type']]: Static<E['payload']> };

const byType = new Map<string, EffectDefinition>(EFFECTS.map((effect) => [effect.type, effect]));

export function effectByType(type: string): EffectDefinition | undefined {
  return byType.get(type);
}
