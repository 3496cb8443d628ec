import { MAX_LINK_LENGTH } from '../limits.js';
import type { Page } from './fetch-page.js';

export interface PageSummary {
  readonly title: string | null;
  readonly description: string | null;
  readonly imageUrl: string | null;
  readonly siteName: string | null;
}

/** Code points. */
const MAX_TITLE = 300;
const MAX_DESCRIPTION = 500;
const MAX_SITE_NAME = 100;
/** Looked at, and the longest of them: whoever sends more wants to see how long it takes. */
const MAX_TAGS = 200;
const MAX_TAG_LENGTH = 4_096;

const ATTRIBUTE = /([a-zA-Z:_-]{1,40})\s{0,10}=\s{0,10}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

/** What a page says of itself: by Open Graph, else by its title and description. In linear time. */
export function readOpenGraph({ url, html }: Page): PageSummary {
  const meta = readMeta(html);
  const first = (...names: string[]) => names.map((name) => meta.get(name)).find((value) => value !== undefined);
  return {
    title: clean(first('og:title', 'twitter:title') ?? titleOf(html), MAX_TITLE),
    description: clean(first('og:description', 'twitter:description', 'description'), MAX_DESCRIPTION),
    imageUrl: imageOf(first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image'), url),
    siteName: clean(first('og:site_name'), MAX_SITE_NAME) ?? url.hostname,
  };
}

/** The first value of each name. */
function readMeta(html: string): ReadonlyMap<string, string> {
  const meta = new Map<string, string>();
  const starts = /<meta\s/gi;
  for (let tags = 0; tags < MAX_TAGS; tags += 1) {
    const found = starts.exec(html);
    if (found === null) break;
    const attributes = new Map<string, string>();
    for (const [, name = '', double, single, bare] of tagAt(html, starts.lastIndex).matchAll(ATTRIBUTE)) {
      attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '');
    }
    const key = (attributes.get('property') ?? attributes.get('name') ?? '').toLowerCase();
    const content = attributes.get('content');
    if (key !== '' && content !== undefined && content.trim() !== '' && !meta.has(key)) meta.set(key, content);
  }
  return meta;
}

/** Up to the `>` that is in no quotes. */
function tagAt(html: string, start: number): string {
  const end = Math.min(html.length, start + MAX_TAG_LENGTH);
  let quote = '';
  for (let at = start; at < end; at += 1) {
    const character = html[at] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return html.slice(start, at);
  }
  return '';
}

function titleOf(html: string): string | undefined {
  const start = html.search(/<title[\s>]/i);
  if (start < 0) return undefined;
  const text = html.slice(start, start + MAX_TAG_LENGTH);
  return /^<title[^>]{0,200}>([^<]*)/i.exec(text)?.[1];
}

function imageOf(text: string | undefined, base: URL): string | null {
  const given = text === undefined ? '' : unescapeHtml(text).trim();
  if (given === '' || !URL.canParse(given, base.href)) return null;
  const { href, protocol, username } = new URL(given, base);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && username === '' && href.length <= MAX_LINK_LENGTH ? href : null;
}

/** One line of text; null when nothing is left. Direction marks would turn the text around it. */
function clean(text: string | undefined, max: number): string | null {
  if (text === undefined) return null;
  const line = unescapeHtml(text)
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  const points = [...line];
  const short = points.length > max ? `${points.slice(0, max - 1).join('')}…` : line;
  return short === '' ? null : short;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[(name as string).toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
  });
}
