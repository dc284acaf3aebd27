// Server-Sent Events as an async iterable. https://html.spec.whatwg.org/multipage/server-sent-events.html

import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';

/** A message of a stream. To resume after it, pass its `id` as `after`. */
export interface Message<Data> {
  readonly id: string;
  readonly data: Data;
}

/** Yields the messages of a response until the server ends it. Ignores comments and other event types. */
export async function* messagesIn(response: Response): AsyncGenerator<Message<unknown>> {
  let rest = '';
  for await (const text of textsIn(response)) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (id !== undefined && data !== undefined) yield { id, data: parseJson(data) };
    }
  }
}

/** Uses a reader because some browsers can't iterate a stream. */
async function* textsIn({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done || value === undefined) return;
      yield value;
    }
  } finally {
    // Closes the connection when the consumer stops early.
    await reader?.cancel().catch(() => {});
  }
}
