// Server-Sent Events as an async iterable. https://html.spec.whatwg.org/multipage/server-sent-events.html

import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';

/** A message of a stream. `id` is for `after`, to go on from there. */
export interface Message<Data> {
  readonly id: string;
  readonly data: Data;
}

/** The messages of an answer, as they come, until the server ends it. Comments and other events are passed over. */
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

/** By its reader: not every browser can iterate a stream. */
async function* textsIn({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done || value === undefined) return;
      yield value;
    }
  } finally {
    // Whoever stops listening closes the connection.
    await reader?.cancel().catch(() => {});
  }
}
