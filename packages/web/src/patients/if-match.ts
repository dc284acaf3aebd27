// The version that was seen, for a write that must not undo what came since.

import type { Resource } from '@medplum/fhirtypes';

export function ifMatch({ meta }: Resource): Readonly<Record<string, string>> {
  return meta?.versionId ? { 'if-match': `W/"${meta.versionId}"` } : {};
}
