// What a patient and the practice wrote to each other.

import type { Communication } from '@medplum/fhirtypes';
import { addMinutes, fhirInstant } from './calendar.ts';
import type { Life } from './life.ts';
import type { MessageStory } from './story.ts';

export function messages(life: Life): Communication[] {
  return (life.story.messages ?? []).map((story, index) => message(life, story, index));
}

function message(life: Life, { by, when, minute, text, unread }: MessageStory, index: number): Communication {
  const sent = fhirInstant(addMinutes(life.calendar.workday(when), minute));
  const practice = life.practice.clinician(by ?? life.story.clinician);
  return {
    resourceType: 'Communication',
    id: life.id('Communication', index),
    status: 'completed',
    subject: life.patient,
    sent,
    // When someone at the practice saw it; prescriptions of the practice are viewed elsewhere.
    ...(by === undefined && !unread && { received: fhirInstant(addMinutes(life.calendar.workday(when), minute + 30)) }),
    sender: by === undefined ? life.patient : practice,
    recipient: [by === undefined ? practice : life.patient],
    payload: [{ contentString: text }],
  };
}
