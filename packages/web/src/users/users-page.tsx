// The people who may sign in, and the programs that may come in.

import { KeyRound, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { Button } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { NewToken } from './new-token.tsx';
import { TokenList } from './token-list.tsx';
import { UserDialog } from './user-dialog.tsx';
import { UserList } from './user-list.tsx';

export default function UsersPage() {
  const [params, setParams] = useSearchParams();
  const [making, setMaking] = useState(false);
  const tab = params.get('tab') === 'programs' ? 'programs' : 'people';
  const close = (): void => setMaking(false);
  return (
    <Page
      title="Users"
      about="Who can sign in, and what they can do"
      actions={
        <Button look="primary" icon={tab === 'people' ? UserRoundPlus : KeyRound} onClick={() => setMaking(true)}>
          {tab === 'people' ? 'Invite a user' : 'Create token'}
        </Button>
      }
    >
      <div className="flex h-full flex-col bg-surface">
        <Tabs
          label="Who"
          value={tab}
          onChange={(next) => setParams(next === 'people' ? {} : { tab: next }, { replace: true })}
          tabs={[
            { key: 'people', label: 'People', content: <UserList /> },
            { key: 'programs', label: 'Programs', content: <TokenList /> },
          ]}
        />
      </div>
      {making && tab === 'people' && <UserDialog user={null} onClose={close} />}
      {making && tab === 'programs' && <NewToken onClose={close} />}
    </Page>
  );
}
