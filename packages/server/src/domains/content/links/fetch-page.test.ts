import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isPublicAddress } from './address-guard.js';
import { type FetchOutcome, fetchPage } from './fetch-page.js';

/** A server of the internet, as far as the guard is told; the other one is inside, where nobody may come. */
let outside: Server;
let inside: Server;
let garbage: TcpServer;
const pages = new Map<string, RequestListener>();
const visits: { host: string | undefined; url: string | undefined; headers: object }[] = [];
let insideVisits = 0;
let at: string;
let insideAt: string;
let allowed: string[];

const portOf = (server: Server | TcpServer) => (server.address() as AddressInfo).port;
const listen = (server: Server | TcpServer) =>
  new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));

beforeAll(async () => {
  outside = createServer((request, response) => {
    visits.push({ host: request.headers.host, url: request.url, headers: request.headers });
    const page = pages.get(request.url ?? '');
    if (page === undefined) response.writeHead(404).end();
    else page(request, response);
  });
  inside = createServer((_, response) => {
    insideVisits += 1;
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>secret</title>');
  });
  garbage = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    socket.end('\0\x16\x03 this is no HTTP\r\n\r\n');
  });
  await Promise.all([listen(outside), listen(inside), listen(garbage)]);
  at = `http://127.0.0.1:${portOf(outside)}`;
  insideAt = `127.0.0.1:${portOf(inside)}`;
  allowed = [`127.0.0.1:${portOf(outside)}`, `127.0.0.1:${portOf(garbage)}`];
});
beforeEach(() => {
  pages.clear();
  visits.length = 0;
  insideVisits = 0;
});
afterAll(async () => {
  for (const server of [outside, inside]) server?.closeAllConnections();
  await Promise.all([outside, inside, garbage].map((server) => new Promise((resolve) => server?.close(resolve))));
});

const noNames = async (host: string): Promise<string[]> => {
  throw new Error(`looked up ${host}`);
};
const fetchIt = (link: string, options: Partial<Parameters<typeof fetchPage>[1]> = {}) =>
  fetchPage(link, { lookup: noNames, allowed, timeoutMs: 20_000, ...options });
const html = (body: string | Buffer, headers: Record<string, string> = {}): RequestListener => {
  return (_, response) => void response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(body);
};
const redirect = (location: string, status = 302): RequestListener => {
  return (_, response) => void response.writeHead(status, { location }).end();
};
const textOf = (outcome: FetchOutcome) => (typeof outcome === 'string' ? outcome : outcome.html);

describe('a page', () => {
  it('is fetched with nothing of who asks', async () => {
    pages.set('/page?q=1', html('<title>Hello</title>'));
    expect(textOf(await fetchIt(`${at}/page?q=1`))).toBe('<title>Hello</title>');
    expect(Object.keys(visits[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('is read when it comes as %s', async (encoding, compress) => {
    pages.set('/', html(compress('<title>Hello</title>'), { 'content-encoding': encoding }));
    expect(textOf(await fetchIt(`${at}/`))).toBe('<title>Hello</title>');
  });

  it.each([
    ['the header', html(Buffer.from([0xe9]), { 'content-type': 'text/html; charset=iso-8859-1' }), 'é'],
    ['the page', html(Buffer.from('<meta charset="shift_jis">\x83m', 'latin1')), '<meta charset="shift_jis">ノ'],
    ['nobody', html('ノヴァ'), 'ノヴァ'],
    ['a liar', html('x', { 'content-type': 'text/html; charset=none-such' }), 'x'],
  ])('is decoded as %s says', async (_who, page, expected) => {
    pages.set('/', page);
    expect(textOf(await fetchIt(`${at}/`))).toBe(expected);
  });

  it.each([
    ['a picture', html('x', { 'content-type': 'image/png' }), 'no_html'],
    ['text', html('x', { 'content-type': 'text/plain' }), 'no_html'],
    ['something like HTML', html('x', { 'content-type': 'text/html5' }), 'no_html'],
    ['an unknown encoding', html('x', { 'content-encoding': 'zstd' }), 'failed'],
    ['half a gzip', html(gzipSync('x'.repeat(9_999)).subarray(0, 20), { 'content-encoding': 'gzip' }), 'failed'],
    ['no gzip', html('<title>x</title>', { 'content-encoding': 'gzip' }), 'failed'],
    [
      'an error',
      (_: unknown, response: Parameters<RequestListener>[1]) => void response.writeHead(500).end(),
      'failed',
    ],
    ['a redirect to nonsense', redirect('http://['), 'failed'],
    [
      'a connection that breaks off',
      (_: unknown, response: Parameters<RequestListener>[1]) => {
        response.writeHead(200, { 'content-type': 'text/html', 'content-length': '100' });
        response.write('<title>', () => response.destroy());
      },
      'failed',
    ],
  ] as const)('that is %s is none', async (_what, page, outcome) => {
    pages.set('/', page as RequestListener);
    expect(await fetchIt(`${at}/`)).toBe(outcome);
  });

  it('of a server that talks garbage is none', async () => {
    expect(await fetchIt(`http://127.0.0.1:${portOf(garbage)}/`)).toBe('failed');
  });
});

/** After 512 KB and a chunk. */
const expectCut = (text: string) => {
  expect(text.length).toBeGreaterThanOrEqual(512 * 1024);
  expect(text.length).toBeLessThan(640 * 1024);
};

describe('what has no end', () => {
  // Seeded bug that turns this red: a limit on what travels instead of what comes of it.
  it('is cut off at 512 KB: a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 ** 2, ' '));
    expect(bomb.length).toBeLessThan(512 * 1024);
    pages.set('/', html(bomb, { 'content-encoding': 'gzip' }));
    expectCut(textOf(await fetchIt(`${at}/`)));
  });

  it('is cut off at 512 KB: a page', async () => {
    const closed = new Promise<void>((resolve) => {
      pages.set('/', (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(10_000)));
        };
        response.on('drain', more);
        response.on('close', resolve);
        more();
      });
    });
    expectCut(textOf(await fetchIt(`${at}/`)));
    await closed;
  });

  it.each([
    ['a server that does not answer', () => {}],
    [
      'a page that comes to a halt',
      (_: unknown, response: Parameters<RequestListener>[1]) => {
        response.writeHead(200, { 'content-type': 'text/html' }).write('<title>');
      },
    ],
  ])('ends with the time: %s', async (_what, page) => {
    pages.set('/', page as RequestListener);
    expect(await fetchIt(`${at}/`, { timeoutMs: 200 })).toBe('timed_out');
  });

  it('ends with the time: a look-up', async () => {
    const options = { lookup: () => new Promise<string[]>(() => {}), timeoutMs: 200 };
    expect(await fetchIt('http://slow.example.org/', options)).toBe('timed_out');
  });

  it('ends with the time as a whole: redirects that each take a while', async () => {
    const slowly = (location: string): RequestListener => {
      return (_, response) => void setTimeout(() => response.writeHead(302, { location }).end(), 150);
    };
    pages.set('/', slowly('/1')).set('/1', slowly('/2')).set('/2', slowly('/3'));
    expect(await fetchIt(`${at}/`, { timeoutMs: 250 })).toBe('timed_out');
  });

  it('ends after three redirects', async () => {
    pages.set('/', redirect('/1')).set('/1', redirect('/2', 301)).set('/2', redirect('/3', 307));
    pages.set('/3', html('the end'));
    expect(textOf(await fetchIt(`${at}/`))).toBe('the end');
    pages.set('/3', redirect('/4')).set('/4', html('too far'));
    expect(await fetchIt(`${at}/`)).toBe('too_many_redirects');
  });
});

describe('what is inside', () => {
  const METADATA = 'http://169.254.169.254/latest/meta-data/';
  it.each([
    ['loopback', () => `http://${insideAt}/`],
    ['loopback by name of a number', () => `http://2130706433:${portOf(inside)}/`],
    ['loopback in octal', () => `http://0177.0.0.1:${portOf(inside)}/`],
    ['loopback, short', () => `http://127.1:${portOf(inside)}/`],
    ['this host', () => `http://0.0.0.0:${portOf(inside)}/`],
    ['loopback over IPv6', () => `http://[::1]:${portOf(inside)}/`],
    ['loopback mapped into IPv6', () => `http://[::ffff:127.0.0.1]:${portOf(inside)}/`],
    ['metadata', () => METADATA],
    ['metadata mapped into IPv6', () => 'http://[::ffff:a9fe:a9fe]/'],
    ['another port of an allowed address', () => `http://127.0.0.1:${portOf(inside)}/`],
    ['a port that is not of the web', () => 'http://93.184.215.14:22/'],
    ['another protocol', () => 'ftp://93.184.215.14/'],
    ['a file', () => 'file:///etc/passwd'],
  ])('is not reached: %s', async (_what, link) => {
    expect(await fetchIt(link())).toBe('refused');
    // Nor by a redirect, whatever it is called.
    pages.set('/', redirect(link()));
    expect(await fetchIt(`${at}/`)).toBe('refused');
    expect(insideVisits).toBe(0);
  });

  it('is not reached by a name, not even when one of its addresses only is inside', async () => {
    for (const addresses of [
      ['127.0.0.1'],
      ['10.0.0.1'],
      ['93.184.215.14', '10.0.0.1'],
      ['::1'],
      [],
      ['not an address'],
    ]) {
      const lookup = async () => addresses;
      expect(await fetchIt('http://inside.example.org/', { lookup })).toBe('refused');
      pages.set('/', redirect('http://inside.example.org/'));
      expect(await fetchIt(`${at}/`, { lookup })).toBe('refused');
    }
    const known = async () => ['127.0.0.1'];
    expect(await fetchIt(`http://inside.example.org:${portOf(inside)}/`, { lookup: known })).toBe('refused');
    expect(insideVisits).toBe(0);
  });

  // Seeded bug that turns this red: a connection to the name, which is looked up once more.
  it('is not reached by a name that leads elsewhere the second time', async () => {
    pages.set('/', html('<title>of the name</title>'));
    let lookups = 0;
    const lookup = async () => {
      lookups += 1;
      return lookups === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
    };
    const port = portOf(outside);
    expect(textOf(await fetchIt(`http://rebind.example.org:${port}/`, { lookup }))).toBe('<title>of the name</title>');
    expect(lookups).toBe(1);
    expect(visits.map(({ host }) => host)).toEqual([`rebind.example.org:${port}`]);
    // The next hop is looked up and checked anew.
    pages.set('/', redirect('/again'));
    lookups = 0;
    expect(await fetchIt(`http://rebind.example.org:${port}/`, { lookup })).toBe('refused');
  });

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '127.255.255.254',
    '169.254.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '',
    'localhost',
    '127.0.0.1:80',
  ])('has the address %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '8.8.8.8',
    '93.184.215.14',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '198.20.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('has not the address %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

it('the server inside answers those who come to it', async () => {
  // Or else the tests above would show nothing.
  await new Promise<void>((resolve, reject) => {
    const socket = connect(portOf(inside), '127.0.0.1', () =>
      socket.end('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
    );
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect(insideVisits).toBe(1);
});
