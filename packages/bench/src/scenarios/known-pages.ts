import { expect, expectStatus, type LoadSource } from '../load/load-source.js';
import { type BenchRequest, getRequest } from '../load/request.js';
import { pick, type Random } from '../measure/random.js';
import { digestOf, type WalkedPage } from './page-walk.js';

/** A page that a reader has seen, to be asked for again. */
export interface KnownPage extends WalkedPage {
  readonly token: string;
}

/** Each answer has the right status and size; one in so many is compared byte by byte. */
const COMPARE_EVERY = 8;

/** Pages that look the same to each of several readers. */
export interface SharedPages {
  readonly pages: readonly WalkedPage[];
  readonly tokens: readonly string[];
}

/** Asks for known pages at random and expects the same answers as before. */
export function knownPages(pages: readonly KnownPage[], random: Random): LoadSource {
  const requests = pages.map(({ path, token }, index) => getRequest(path, token, index));
  return { next: () => pick(random, requests), check: asBefore(pages) };
}

/** The same, each page for a reader at random: more pairs of both than are asked for within seconds. */
export function sharedPages({ pages, tokens }: SharedPages, random: Random): LoadSource {
  const indexed = pages.map(({ path }, index) => ({ path, index }));
  return {
    next: () => {
      const { path, index } = pick(random, indexed);
      return getRequest(path, pick(random, tokens), index);
    },
    check: asBefore(pages),
  };
}

function asBefore(pages: readonly WalkedPage[]): LoadSource['check'] {
  return (request: BenchRequest, response, index) => {
    expectStatus(response, 200);
    const known = pages[request.subject];
    expect(known?.bytes === response.body.length, `${known?.path} has another size than before`);
    if (index % COMPARE_EVERY === 0) {
      expect(known.digest === digestOf(response.body), `${known.path} has another content than before`);
    }
  };
}
