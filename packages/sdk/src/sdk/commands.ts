// One builder a command. Written by `npm run docs`.

import { commandBuilder } from './command-builder.ts';

/** An allergy or intolerance of the patient, or that none is known. */
export const allergy = commandBuilder('allergy');

/** How a condition of the patient is doing. */
export const assess = commandBuilder('assess');

/** A goal is reached or given up. */
export const closeGoal = commandBuilder('closeGoal');

/** A new condition of the patient. */
export const diagnose = commandBuilder('diagnose');

/** A condition of a relative. */
export const familyHistory = commandBuilder('familyHistory');

/** What the patient wants to reach, and by when. */
export const goal = commandBuilder('goal');

/** What brought the patient here, as it happened. */
export const hpi = commandBuilder('hpi');

/** An imaging study is asked for. */
export const imagingOrder = commandBuilder('imagingOrder');

/** A vaccination that the patient reports, or a vaccination not given and why. */
export const immunizationStatement = commandBuilder('immunizationStatement');

/** A vaccine is given here. */
export const immunize = commandBuilder('immunize');

/** Instructions for the patient: a code, words, or both. */
export const instruct = commandBuilder('instruct');

/** Tests are asked of a laboratory. */
export const labOrder = commandBuilder('labOrder');

/** A medication the patient takes, whoever prescribed it. */
export const medicationStatement = commandBuilder('medicationStatement');

/** A condition the patient had before. */
export const pastMedicalHistory = commandBuilder('pastMedicalHistory');

/** A procedure is done here, and billed. */
export const perform = commandBuilder('perform');

/** What to do. */
export const plan = commandBuilder('plan');

/** An order for a medication: one of prescribe, compoundMedicationId and compoundMedicationData. */
export const prescribe = commandBuilder('prescribe');

/** Questions are asked, and their answers kept by linkId. */
export const questionnaire = commandBuilder('questionnaire');

/** Why the patient comes: a code, words, or both. */
export const reasonForVisit = commandBuilder('reasonForVisit');

/** The patient is sent to a specialist. */
export const refer = commandBuilder('refer');

/** An allergy on the patient’s list is none, or no longer one. */
export const removeAllergy = commandBuilder('removeAllergy');

/** A condition of the patient is over. */
export const resolveCondition = commandBuilder('resolveCondition');

/** The patient takes a medication no longer. */
export const stopMedication = commandBuilder('stopMedication');

/** Something to be done by somebody. */
export const task = commandBuilder('task');

/** How far the patient has come with a goal. */
export const updateGoal = commandBuilder('updateGoal');

/** Readings of one moment; each becomes a vital sign of its own. */
export const vitals = commandBuilder('vitals');
