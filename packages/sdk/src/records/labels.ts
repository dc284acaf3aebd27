// Labels: words that people and plugins add to a record, stored as tags of our own system in its meta.

import type { Coding, Meta } from '@medplum/fhirtypes';

interface Labelled {
  meta?: Meta;
}

/** The labels of a record: the codes of its tags in that system. */
export function labelsOf(record: Labelled | null, system: string): string[] {
  const tags = record?.meta?.tag?.filter((tag) => tag.system === system) ?? [];
  return tags.flatMap(({ code }) => code ?? []);
}

export function labelTag(system: string, label: string): Coding {
  return { system, code: label, display: label };
}

/** The record with labels added and removed; its other tags stay. */
export function relabelled<R extends Labelled>(
  record: R,
  system: string,
  { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
): R {
  const labels = new Set([...labelsOf(record, system), ...add].filter((label) => !remove.includes(label)));
  const others = record.meta?.tag?.filter((tag) => tag.system !== system) ?? [];
  const tag = [...others, ...Array.from(labels, (label) => labelTag(system, label))];
  const { tag: _, ...meta } = record.meta ?? {};
  const { meta: __, ...unlabelled } = record;
  // R4 has no empty element.
  if (tag.length === 0 && Object.keys(meta).length === 0) return unlabelled as R;
  return { ...record, meta: tag.length > 0 ? { ...meta, tag } : meta };
}
