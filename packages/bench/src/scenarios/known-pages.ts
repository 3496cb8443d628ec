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

/** Asks for known pages at random and expects the same answers as before. */
export function knownPages(pages: readonly KnownPage[], random: Random): LoadSource {
  const indexed = pages.map((page, index) => ({ page, request: getRequest(page.path, page.token, index) }));
  return {
    next: () => pick(random, indexed).request,
    check(request: BenchRequest, response, index) {
      expectStatus(response, 200);
      const known = pages[request.subject];
      expect(known?.bytes === response.body.length, `${known?.path} has another size than before`);
      if (index % COMPARE_EVERY === 0) {
        expect(known.digest === digestOf(response.body), `${known.path} has another content than before`);
      }
    },
  };
}
