// /api/openapi.json: the description of the API.

import { Type } from 'typebox';
import { row } from './row.ts';

export const OPENAPI = {
  get: row({
    method: 'GET',
    path: '/api/openapi.json',
    operation: 'openapi.get',
    summary: 'This description',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'OpenAPI 3.1.', schema: Type.Record(Type.String(), Type.Unknown()) },
  }),
};
