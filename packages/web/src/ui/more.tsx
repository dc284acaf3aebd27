// At the end of a list that goes on: the next page of it.

import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from './button.tsx';

export function More({
  of: { hasNextPage, isFetchingNextPage, fetchNextPage },
  label = 'Show earlier',
}: {
  readonly of: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
  readonly label?: string;
}) {
  if (!hasNextPage) return null;
  return (
    <div className="p-3 text-center">
      <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {label}
      </Button>
    </div>
  );
}
