// The questionnaires that come with Chartwire.

import { AUDIT_C } from './audit-c.ts';
import type { Definition } from './instrument.ts';
import { GAD_7, PHQ_2, PHQ_9 } from './mood.ts';

export const SHIPPED: readonly Definition[] = [PHQ_2, PHQ_9, GAD_7, AUDIT_C];
