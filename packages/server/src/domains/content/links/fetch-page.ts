import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { checkedAddress, type GuardOptions } from './address-guard.js';

/** From the first look-up to the last byte, redirects included. */
const TIMEOUT_MS = 5_000;
const MAX_REDIRECTS = 3;
/** Of the text, however small it travels, and up to the end of a chunk: what previews are made of is at the beginning. */
const MAX_BYTES = 512 * 1024;

export interface Page {
  /** Where it was found in the end. */
  readonly url: URL;
  readonly html: string;
}

/** Why there is no page; `failed` also when a server talks garbage. */
export type FetchOutcome = Page | 'refused' | 'too_many_redirects' | 'no_html' | 'timed_out' | 'failed';

export interface FetchOptions extends GuardOptions {
  /** Ends the fetch when the process does. */
  readonly signal?: AbortSignal;
  /** For tests. */
  readonly timeoutMs?: number;
}

/**
 * Fetches a page of the internet, and nothing of the network that Nova stands in: every hop is looked up, checked, and
 * connected to at the address that was checked. Sends nothing of who asks; rejects never.
 */
export async function fetchPage(link: string, options: FetchOptions): Promise<FetchOutcome> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  try {
    return await Promise.race([follow(link, options, signal), aborted(signal)]);
  } catch {
    return timeout.aborted ? 'timed_out' : 'failed';
  }
}

/** A look-up cannot be aborted: its answer is not waited for. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

async function follow(link: string, options: FetchOptions, signal: AbortSignal): Promise<FetchOutcome> {
  let url = new URL(link);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'refused';
    const address = await checkedAddress(url, options);
    if (address === null || signal.aborted) return 'refused';
    const answer = await get(url, address, signal);
    const { statusCode = 0, headers } = answer;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      answer.destroy();
      if (!URL.canParse(headers.location, url.href)) return 'failed';
      url = new URL(headers.location, url);
      continue;
    }
    const type = headers['content-type'] ?? '';
    if (statusCode !== 200 || !/^text\/html\s*(;|$)/i.test(type)) {
      answer.destroy();
      return statusCode === 200 ? 'no_html' : 'failed';
    }
    const bytes = await readStart(answer);
    return bytes === null ? 'failed' : { url, html: decode(bytes, type) };
  }
  return 'too_many_redirects';
}

function get(url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isHttps = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const outgoing = (isHttps ? httpsRequest : httpRequest)({
      method: 'GET',
      host: address,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        accept: 'text/html',
        'accept-encoding': 'gzip, deflate, br',
        'user-agent': 'Nova link preview',
      },
      // The certificate has to be of the name, not of the address.
      ...(isHttps && isIP(host) === 0 ? { servername: host } : {}),
      // A connection of its own: one that is kept would be used again without a look at its address.
      agent: false,
      signal,
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Decompressed as it comes, and dropped at the limit: a bomb goes no further than that. Null for unknown encodings. */
async function readStart(answer: IncomingMessage): Promise<Buffer | null> {
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = decoderOf(encoding);
  if (decoder === undefined) {
    answer.destroy();
    return null;
  }
  const stream = decoder === null ? answer : answer.pipe(decoder);
  // `pipe` hands on no failure: a connection that breaks off would be waited for until the time is over.
  if (decoder !== null) answer.on('error', (error) => decoder.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_BYTES) break;
    }
  } finally {
    answer.destroy();
  }
  return Buffer.concat(chunks);
}

/** null for a text that travels as it is, undefined for an unknown encoding. */
function decoderOf(encoding: string) {
  switch (encoding) {
    case 'identity':
    case '':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** By the header, then by what the page says of itself at its beginning, else as UTF-8. */
function decode(bytes: Buffer, contentType: string): string {
  const start = bytes.subarray(0, 1_024).toString('latin1');
  const label =
    /charset\s*=\s*["']?([\w-]{1,40})/i.exec(contentType)?.[1] ??
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(start)?.[1];
  try {
    return new TextDecoder(label ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
