// What is still there to be worked on: a patient who was deleted leaves their chart behind, and nothing of it is in a list.

/** Of a record, by the alias of its row: that it is in no chart, or in that of a patient who was not deleted. */
export function inLivingChart(alias: string): string {
  return `(${alias}.patient IS NULL OR EXISTS (
    SELECT FROM record owner WHERE owner.type = 'Patient' AND owner.id = ${alias}.patient AND NOT owner.deleted))`;
}
