// A screen that breaks says so in its place; the rest of the application goes on.

import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';

interface Props {
  /** Another place is tried anew. */
  readonly place: string;
  readonly children: ReactNode;
}

export class Boundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.broken && before.place !== this.props.place) this.setState({ broken: false });
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Empty
        title="This page stopped working."
        action={
          <Button look="primary" onClick={() => window.location.reload()}>
            Reload
          </Button>
        }
      >
        What you wrote is kept, and sent after the page reloads. If it happens again, tell an administrator where and
        when; other pages are not concerned.
      </Empty>
    );
  }
}
