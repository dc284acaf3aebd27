// What can't be drawn says so in its place, and everything else is drawn: one record of a list, or one part of a page.

import { Component, type ReactNode } from 'react';

/** Catches what is thrown while `children` draw `of`; another `of` is tried again. */
class Guarded extends Component<
  { readonly of: unknown; readonly instead: ReactNode; readonly children: () => ReactNode },
  { readonly broken: boolean }
> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidUpdate(before: { readonly of: unknown }): void {
    if (this.state.broken && before.of !== this.props.of) this.setState({ broken: false });
  }

  override render(): ReactNode {
    return this.state.broken ? this.props.instead : <Drawn draw={this.props.children} />;
  }
}

function Drawn({ draw }: { readonly draw: () => ReactNode }) {
  return draw();
}

/** One of a list. `as` is the element that stands for it. */
export function Entry({
  of,
  type,
  as: Element = 'li',
  children,
}: {
  readonly of: object;
  /** Where `of` doesn't say what it is. */
  readonly type?: string;
  readonly as?: 'li' | 'div' | 'tr';
  readonly children: () => ReactNode;
}) {
  const said = (
    <p className="px-7.5 py-1 text-left text-sm text-warn-text">
      This entry can’t be shown. <span className="break-all text-ink-3 text-xs">{nameOf(of, type)}</span>
    </p>
  );
  const instead = Element === 'tr' ? <td colSpan={99}>{said}</td> : said;
  return (
    <Guarded of={of} instead={<Element className="list-none">{instead}</Element>}>
      {children}
    </Guarded>
  );
}

/** `Flag/123`. */
function nameOf(of: object, type: string | undefined): string {
  const { resourceType, id, ...rest } = of as Readonly<Record<string, unknown>>;
  return [resourceType ?? type ?? rest.type, id].filter((part) => typeof part === 'string').join('/');
}

/** A part of a page. `of` is what it is drawn from. */
export function PartOfPage({
  title,
  of,
  children,
}: {
  readonly title: string;
  readonly of: unknown;
  readonly children: () => ReactNode;
}) {
  return (
    <Guarded
      of={of}
      instead={
        <section aria-label={title} className="border-line border-b bg-surface px-7.5 py-2 text-sm">
          <h2 className="font-semibold">{title}</h2>
          <p className="text-warn-text">
            This part can’t be shown: one of its records isn’t valid. Tell an administrator. The other parts are
            complete.
          </p>
        </section>
      }
    >
      {children}
    </Guarded>
  );
}
