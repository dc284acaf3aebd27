// One builder an effect. A builder makes data and nothing else: the server checks it, authorises it and applies it.
// Payload types come from the effects' schemas; the schemas themselves stay with the server.

import type { EffectPayloads, EffectType } from '#effects/index.ts';
import type { R4Resource } from '#records/resource-types.ts';

/** What `compute()` answers with. */
export type Effect<T extends EffectType = EffectType> = {
  readonly [Type in T]: { readonly type: Type; readonly payload: EffectPayloads[Type] };
}[T];

type Builder<T extends EffectType> = (payload: EffectPayloads[T]) => Effect<T>;

function builder<const T extends EffectType>(type: T): Builder<T> {
  return (payload) => ({ type, payload });
}

/** Adds a record of any R4 type. */
export function createRecord(resource: R4Resource): Effect<'CREATE_RECORD'> {
  return { type: 'CREATE_RECORD', payload: { resource } };
}

/**
 * Replaces a record. One that was read is replaced only if it is still at the version that was read. Decimals stay as they
 * are written (`1.00`) in the record itself and in a spread of it.
 */
export function updateRecord(resource: R4Resource & { id: string }): Effect<'UPDATE_RECORD'> {
  return { type: 'UPDATE_RECORD', payload: { resource } };
}

/** Changes elements of a record by JSON Patch; what is not named stays. */
export const patchRecord: Builder<'PATCH_RECORD'> = builder('PATCH_RECORD');

/** Gives somebody something to do. */
export const createTask: Builder<'CREATE_TASK'> = builder('CREATE_TASK');

/** Changes what is named of a task and leaves the rest; `null` takes the assignee or the due date away. */
export const updateTask: Builder<'UPDATE_TASK'> = builder('UPDATE_TASK');

/** Adds a comment to a task. */
export const commentOnTask: Builder<'COMMENT_ON_TASK'> = builder('COMMENT_ON_TASK');

/** Adds labels to a task and takes others away. */
export const adjustTaskLabels: Builder<'ADJUST_TASK_LABELS'> = builder('ADJUST_TASK_LABELS');

/** Books an appointment. */
export const createAppointment: Builder<'CREATE_APPOINTMENT'> = builder('CREATE_APPOINTMENT');

/** Changes what is named of an appointment and leaves the rest; `null` takes away. */
export const updateAppointment: Builder<'UPDATE_APPOINTMENT'> = builder('UPDATE_APPOINTMENT');

/** Calls an appointment off. */
export const cancelAppointment: Builder<'CANCEL_APPOINTMENT'> = builder('CANCEL_APPOINTMENT');

/** Checks the patient in, notes that nobody came, or restores a cancelled appointment. */
export const moveAppointment: Builder<'MOVE_APPOINTMENT'> = builder('MOVE_APPOINTMENT');

/** Makes an appointment at another time in the place of one. */
export const rescheduleAppointment: Builder<'RESCHEDULE_APPOINTMENT'> = builder('RESCHEDULE_APPOINTMENT');

/** Puts labels on an appointment: one to three at a time, of at most 50 characters each. */
export const addAppointmentLabels: Builder<'ADD_APPOINTMENT_LABELS'> = builder('ADD_APPOINTMENT_LABELS');

/** Takes labels off an appointment. */
export const removeAppointmentLabels: Builder<'REMOVE_APPOINTMENT_LABELS'> = builder('REMOVE_APPOINTMENT_LABELS');

/** Shows a banner, or changes the one of the same patient and key. */
export const addBannerAlert: Builder<'ADD_BANNER_ALERT'> = builder('ADD_BANNER_ALERT');

/** Takes a banner of this plugin away; where there is none, nothing is changed. */
export const removeBannerAlert: Builder<'REMOVE_BANNER_ALERT'> = builder('REMOVE_BANNER_ALERT');

/** Shows a protocol card, or changes the one of the same patient and key. */
export const addProtocolCard: Builder<'ADD_OR_UPDATE_PROTOCOL_CARD'> = builder('ADD_OR_UPDATE_PROTOCOL_CARD');

/** Writes to a patient or to staff. */
export const sendMessage: Builder<'SEND_MESSAGE'> = builder('SEND_MESSAGE');

/** Bills a code. */
export const addBillingLineItem: Builder<'ADD_BILLING_LINE_ITEM'> = builder('ADD_BILLING_LINE_ITEM');

/** Changes what is named of a billing line and leaves the rest. */
export const updateBillingLineItem: Builder<'UPDATE_BILLING_LINE_ITEM'> = builder('UPDATE_BILLING_LINE_ITEM');

/** Takes a billing line off. */
export const removeBillingLineItem: Builder<'REMOVE_BILLING_LINE_ITEM'> = builder('REMOVE_BILLING_LINE_ITEM');

/** Says what the answers to a questionnaire come to; one result for the answers and code. */
export const createQuestionnaireResult: Builder<'CREATE_QUESTIONNAIRE_RESULT'> = builder('CREATE_QUESTIONNAIRE_RESULT');

/** Begins a note, with its visit. */
export const createNote: Builder<'CREATE_NOTE'> = builder('CREATE_NOTE');

/** Locks, unlocks, signs, deletes or restores a note. */
export const moveNote: Builder<'MOVE_NOTE'> = builder('MOVE_NOTE');

/** Enters several commands into notes, in order. */
export const originateCommands: Builder<'ORIGINATE_COMMANDS'> = builder('ORIGINATE_COMMANDS');

/** Writes a line to the plugin's log together with the other effects, or not at all. */
export const log: Builder<'LOG'> = builder('LOG');
