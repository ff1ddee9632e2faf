// Which studies are in memory: those that somebody works on, those that were asked for lately, and any other as long as
// somebody holds it. There is never a second host of a study beside one that is held: both would write its log. A study
// that has left is read from the store when it is asked for again.

import type { StudyHost } from './study-host.ts';

export interface StudyHosts {
  /** The one in memory, if it is there. */
  get(name: string): StudyHost | undefined;
  add(host: StudyHost): void;
  /** It does not leave before that is over. */
  during<T>(host: StudyHost, work: Promise<T>): Promise<T>;
  remove(name: string): void;
  all(): StudyHost[];
}

/** People who look at ended studies look at a few of them, again and again. */
const ASKED_FOR_LATELY = 8;

export function studyHosts(): StudyHosts {
  const known = new Map<string, WeakRef<StudyHost>>();
  const lately = new Set<StudyHost>();
  /** The last of those: most requests are for the study of the one before. */
  let latest: StudyHost | undefined;
  const working = new Map<StudyHost, number>();
  const gone = new FinalizationRegistry((name: string) => {
    if (known.get(name)?.deref() === undefined) known.delete(name);
  });

  function askedFor(host: StudyHost): StudyHost {
    if (host === latest) return host;
    latest = host;
    lately.delete(host);
    lately.add(host);
    const [oldest] = lately;
    if (lately.size > ASKED_FOR_LATELY && oldest !== undefined) lately.delete(oldest);
    return host;
  }

  return {
    get(name) {
      const host = known.get(name)?.deref();
      return host && askedFor(host);
    },
    add(host) {
      known.set(host.name, new WeakRef(host));
      gone.register(host, host.name);
      askedFor(host);
    },
    async during(host, work) {
      working.set(host, (working.get(host) ?? 0) + 1);
      try {
        return await work;
      } finally {
        const left = working.get(host)! - 1;
        if (left > 0) working.set(host, left);
        else working.delete(host);
      }
    },
    remove(name) {
      const host = known.get(name)?.deref();
      if (host !== undefined) lately.delete(host);
      if (host === latest) latest = undefined;
      known.delete(name);
    },
    all: () => [...known.values()].flatMap((reference) => reference.deref() ?? []),
  };
}
