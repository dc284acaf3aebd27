// Messages between patients and staff.

import { defineRecord } from '#kit/record-kind.ts';

export const Message = defineRecord({
  prefix: 'MESSAGE',
  resource: 'Communication',
  label: 'Message',
  summary: 'Something said by one to another, in writing.',
});
