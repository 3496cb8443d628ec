import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the web app as it is sent. */
export interface WebFile {
  /** Path of its address, with a leading slash. */
  readonly url: string;
  readonly type: string;
  readonly body: Buffer;
  /** The same, compressed by the build as far as it goes; absent where that gains nothing. */
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
  readonly etag: string;
  /** Its name changes with its content, so it may be kept for ever. */
  readonly immutable: boolean;
}

export interface WebFiles {
  /** The page that every address of the app begins with. */
  readonly page: WebFile;
  readonly others: readonly WebFile[];
}

/** What `npm run build` writes of packages/web; the same seen from `src` and from `dist`. */
export const WEB_DIRECTORY = fileURLToPath(new URL('../../../../web/dist/app', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads a built web app into memory: a few hundred kB. @returns null when it has not been built */
export function readWebFiles(directory: string): WebFiles | null {
  if (!existsSync(path.join(directory, 'index.html'))) return null;
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && path.extname(entry.name) in TYPES)
    .map((entry) => readWebFile(directory, path.join(entry.parentPath, entry.name)));
  const page = files.find(({ url }) => url === '/index.html');
  return page === undefined ? null : { page, others: files.filter((file) => file !== page) };
}

function readWebFile(directory: string, file: string): WebFile {
  const url = `/${path.relative(directory, file).split(path.sep).join('/')}`;
  const body = readFileSync(file);
  const compressed = (extension: string) => (existsSync(file + extension) ? readFileSync(file + extension) : undefined);
  return {
    url,
    type: TYPES[path.extname(file)] ?? 'application/octet-stream',
    body,
    brotli: compressed('.br'),
    gzip: compressed('.gz'),
    etag: `W/"${hash('sha1', body, 'base64url')}"`,
    immutable: url.startsWith('/assets/'),
  };
}
