// Inbox lists: documents that are to be matched and filed, and results that are to be looked at.

import { useSearchParams } from 'wouter';
import { useSession } from '../api/session.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Documents } from './documents.tsx';
import { ReportCount, Reports } from './reports.tsx';
import { Dropped, UploadButton, useUpload } from './upload.tsx';

export default function InboxPage() {
  const { may } = useSession();
  const [params, setParams] = useSearchParams();
  const upload = useUpload();
  const mayUpload = may('DocumentReference', 'c');
  const mayReview = may('DiagnosticReport', 's') && may('Patient', 'r');
  const tab = mayReview && params.get('tab') === 'results' ? 'results' : 'documents';
  return (
    <Page
      title="Inbox"
      about="Documents to file and results to review"
      actions={mayUpload && <UploadButton upload={upload} />}
    >
      <Dropped upload={upload} enabled={mayUpload && tab === 'documents'}>
        <Tabs
          label="Inbox lists"
          value={tab}
          onChange={(next) => setParams(next === 'results' ? { tab: next } : {}, { replace: true })}
          tabs={[
            { key: 'documents', label: 'Documents', content: <Documents /> },
            ...(mayReview ? [{ key: 'results', label: <ResultsLabel />, content: <Reports /> }] : []),
          ]}
        />
      </Dropped>
    </Page>
  );
}

function ResultsLabel() {
  return (
    <>
      Results to review <ReportCount />
    </>
  );
}
