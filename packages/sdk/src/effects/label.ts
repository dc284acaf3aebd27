// A label, as effects take it: words of at most 50 characters, with one space between them.

import { Type } from 'typebox';

export const Label = Type.String({ pattern: '^\\S+( \\S+)*$', maxLength: 50 });
