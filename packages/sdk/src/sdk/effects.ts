// One builder an effect. Written by `npm run docs`.

import { builder } from './effect.ts';

export {
  createRecord,
  type Effect,
  httpRequest,
  type LaterRequest,
  sendWebhook,
  updateRecord,
  type Webhook,
} from './effect.ts';

/** Changes elements of a record by JSON Patch (RFC 6902); what is not named stays. */
export const patchRecord = builder('PATCH_RECORD');

/** Gives somebody something to do. */
export const createTask = builder('CREATE_TASK');

/** Changes what is named of a task and leaves the rest. `null` takes the assignee or the due date away. */
export const updateTask = builder('UPDATE_TASK');

/** Adds a comment to a task. */
export const commentOnTask = builder('COMMENT_ON_TASK');

/** Adds labels to a task and takes others away. What is there already, or is not there, is left as it is. */
export const adjustTaskLabels = builder('ADJUST_TASK_LABELS');

/** Books an appointment. */
export const createAppointment = builder('CREATE_APPOINTMENT');

/**
 * Changes what is named of an appointment and leaves the rest; `null` takes away. Its patient stays, and
 * RESCHEDULE_APPOINTMENT changes its time.
 */
export const updateAppointment = builder('UPDATE_APPOINTMENT');

/** Calls an appointment off. */
export const cancelAppointment = builder('CANCEL_APPOINTMENT');

/** Checks the patient in, notes that nobody came, or lets a canceled appointment take place after all. */
export const moveAppointment = builder('MOVE_APPOINTMENT');

/** Makes an appointment at another time instead of another. */
export const rescheduleAppointment = builder('RESCHEDULE_APPOINTMENT');

/** Puts labels on an appointment. Those it has already are left as they are. */
export const addAppointmentLabels = builder('ADD_APPOINTMENT_LABELS');

/** Takes labels off an appointment. Those it does not have are no fault. */
export const removeAppointmentLabels = builder('REMOVE_APPOINTMENT_LABELS');

/** Shows a banner, or changes the one of the same key: a plugin has one banner a patient and key. */
export const addBannerAlert = builder('ADD_BANNER_ALERT');

/** Takes a banner of the plugin away. Where there is none, nothing is changed, and the outcome names no record. */
export const removeBannerAlert = builder('REMOVE_BANNER_ALERT');

/** Shows a card, or changes the one of the same key: a plugin has one card a patient and key. */
export const addProtocolCard = builder('ADD_OR_UPDATE_PROTOCOL_CARD');

/** Writes to a patient or to staff. About a patient, it goes to no other patient and to nobody of another patient’s. */
export const sendMessage = builder('SEND_MESSAGE');

/** Bills a code. */
export const addBillingLineItem = builder('ADD_BILLING_LINE_ITEM');

/** Changes what is named of a line and leaves the rest. Refused once the line was billed or taken off. */
export const updateBillingLineItem = builder('UPDATE_BILLING_LINE_ITEM');

/** Takes a line off. Refused once the line was billed. */
export const removeBillingLineItem = builder('REMOVE_BILLING_LINE_ITEM');

/** Enters several commands into notes, in order, all or none. */
export const originateCommands = builder('ORIGINATE_COMMANDS');

/**
 * Says what the answers to a questionnaire come to, or replaces that: a plugin has one result for the answers and
 * code.
 */
export const createQuestionnaireResult = builder('CREATE_QUESTIONNAIRE_RESULT');

/** Begins a note, with its visit. */
export const createNote = builder('CREATE_NOTE');

/**
 * Locks, unlocks, signs, deletes or restores a note, by the table of states that people have. A plugin unlocks the
 * notes that it wrote, locked, or signed while they were open.
 */
export const moveNote = builder('MOVE_NOTE');

/** Writes a line to the plugin’s log, with the other effects of the answer or not at all. Keep PHI out of it. */
export const log = builder('LOG');
