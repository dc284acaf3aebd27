// A label in effects: at most 50 characters, single spaces between words.

import { Type } from 'typebox';

export const Label = Type.String({ pattern: '^\\S+( \\S+)*$', maxLength: 50 });
