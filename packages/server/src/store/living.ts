// Excludes charts of deleted patients from lists of work.

/** SQL condition: the record is outside any chart, or its patient isn't deleted. Takes the alias of the record's row. */
export function inLivingChart(alias: string): string {
  return `(${alias}.patient IS NULL OR EXISTS (
    SELECT FROM record owner WHERE owner.type = 'Patient' AND owner.id = ${alias}.patient AND NOT owner.deleted))`;
}
