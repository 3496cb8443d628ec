import type { BenchRequest } from './request.js';
import type { HttpResponse } from './response-reader.js';

/** What a load asks for and how it knows that the answers are right. */
export interface LoadSource {
  /** The request number `index`, from 0. */
  next(index: number): BenchRequest;
  /** Throws when the answer is wrong. Called for every answer: whatever is dear to verify, verify for a sample. */
  check(request: BenchRequest, response: HttpResponse, index: number): void;
  /** Something to remember of a right answer, such as the id of what was made. */
  collect?(request: BenchRequest, response: HttpResponse): string | undefined;
}

/** Throws unless the condition holds. */
export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Throws unless the status is the expected one; the message has the start of the body. */
export function expectStatus(response: HttpResponse, status: number): void {
  if (response.status !== status) {
    throw new Error(`status ${response.status} instead of ${status}: ${response.body.toString('utf8', 0, 200)}`);
  }
}
