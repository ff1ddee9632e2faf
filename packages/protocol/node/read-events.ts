import type { StudyEvent } from '@fleetune/core';

/** The events of a stream of server-sent events. */
export async function* readEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<StudyEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end));
      text = text.slice(end + 2);
      if (data !== null) yield JSON.parse(data[1]!) as StudyEvent;
    }
  }
}
