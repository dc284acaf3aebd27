// What others sent or wrote: documents, and reports that are no laboratory table.

import type { DiagnosticReport, DocumentReference } from '@medplum/fhirtypes';
import { isImaging } from '@chartwire/sdk/internal/records/diagnostic-service';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Day } from '../ui/time.tsx';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { countOf, othersIn, OthersAt } from './other-records.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

type Paper = DocumentReference | DiagnosticReport;

const OPEN = 8;

export function Documents() {
  const { chart } = useLooking();
  const reports = recordsOf(chart, 'DiagnosticReport').filter(
    ({ result = [], category }) => result.length === 0 || isImaging(category),
  );
  const documents = recordsOf(chart, 'DocumentReference').filter(({ status }) => status !== 'superseded');
  const papers: Paper[] = [...documents, ...reports].sort((a, b) => dateOf(b).localeCompare(dateOf(a)));
  return (
    <Section
      name="documents"
      title="Documents and reports"
      digit="9"
      count={papers.length + countOf(othersIn(chart, 'documents'))}
      types={['DocumentReference', 'DiagnosticReport']}
      empty="None yet. Documents filed from the inbox appear here."
    >
      <ul>
        {papers.slice(0, OPEN).map((paper) => (
          <Entry key={paper.id} of={paper}>
            {() => <Line paper={paper} />}
          </Entry>
        ))}
      </ul>
      {papers.length > OPEN && (
        <Past label={`${papers.length - OPEN} older`}>
          {() =>
            papers.slice(OPEN).map((paper) => (
              <Entry key={paper.id} of={paper}>
                {() => <Line paper={paper} />}
              </Entry>
            ))
          }
        </Past>
      )}
      <OthersAt place="documents" />
    </Section>
  );
}

function dateOf(paper: Paper): string {
  if (paper.resourceType === 'DocumentReference') return paper.date ?? '';
  return paper.effectiveDateTime ?? paper.effectivePeriod?.start ?? paper.issued ?? '';
}

function Line({ paper }: { readonly paper: Paper }) {
  const { open } = useLooking();
  const { resourceType: type, id = '', status } = paper;
  const title =
    paper.resourceType === 'DocumentReference'
      ? (paper.content[0]?.attachment.title ?? paper.description ?? conceptText(paper.type))
      : conceptText(paper.code);
  const kind = conceptText(paper.resourceType === 'DocumentReference' ? paper.type : paper.category?.[0]);
  const said = paper.resourceType === 'DiagnosticReport' ? paper.conclusion : undefined;
  return (
    <Row
      onOpen={() => open({ type, id })}
      main={title || 'Untitled'}
      below={<span className="line-clamp-2">{[kind !== title && kind, said].filter(Boolean).join(' · ')}</span>}
      aside={
        <>
          {status === 'preliminary' && <Badge tone="warn">preliminary</Badge>}
          <Day date={dateOf(paper)} />
        </>
      }
    />
  );
}
