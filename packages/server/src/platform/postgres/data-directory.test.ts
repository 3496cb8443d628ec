import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultDataDirectory, prepareDataDirectory } from './data-directory.js';
import { chooseServiceUser } from './service-user.js';

const PASSWD = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\npostgres:x:70:71::/:/bin/sh\n';
const asRoot = process.geteuid?.() === 0;

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), 'nova-directory-'));
  await chmod(parent, 0o755);
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

describe('defaultDataDirectory', () => {
  it('is below the working directory for a user, and below /var/lib for root', () => {
    expect(defaultDataDirectory({ cwd: '/home/ann/app', uid: 1000 })).toBe('/home/ann/app/.nova');
    const first = defaultDataDirectory({ cwd: '/srv/app', uid: 0 });
    expect(first).toMatch(/^\/var\/lib\/nova\/app-[0-9a-f]{8}$/);
    expect(defaultDataDirectory({ cwd: '/opt/app', uid: 0 })).not.toBe(first);
    expect(defaultDataDirectory({ cwd: '/', uid: 0 })).toMatch(/^\/var\/lib\/nova\/[0-9a-f]{8}$/);
  });
});

describe('chooseServiceUser', () => {
  it('is nobody else for an ordinary user', async () => {
    expect(await chooseServiceUser(1000, undefined, PASSWD)).toBeUndefined();
  });

  it('prefers postgres, then nobody, and keeps the owner of an existing cluster', async () => {
    expect(await chooseServiceUser(0, undefined, PASSWD)).toEqual({ name: 'postgres', uid: 70, gid: 71 });
    expect(await chooseServiceUser(0, undefined, PASSWD.replace('postgres', 'other'))).toMatchObject({
      name: 'nobody',
    });
    expect(await chooseServiceUser(0, { uid: 1234, gid: 5 }, PASSWD)).toEqual({ name: '1234', uid: 1234, gid: 5 });
  });

  it('says so when root has no account to give the server to', async () => {
    await expect(chooseServiceUser(0, undefined, 'root:x:0:0::/root:/bin/sh\n')).rejects.toMatchObject({
      code: 'no_service_user',
    });
  });
});

describe('prepareDataDirectory', () => {
  it.runIf(asRoot)('makes missing directories that only the service user passes through', async () => {
    const { root, serviceUser } = await prepareDataDirectory(path.join(parent, 'a', 'b'), 0);
    expect(serviceUser?.uid).toBeGreaterThan(0);
    expect((await stat(root)).mode & 0o777).toBe(0o711);
  });

  it.runIf(asRoot)('takes over an empty closed directory, but opens none with content', async () => {
    const empty = path.join(parent, 'empty');
    const home = path.join(parent, 'home');
    await mkdir(empty, { mode: 0o700 });
    await mkdir(home, { mode: 0o700 });
    await writeFile(path.join(home, 'diary'), '');
    await prepareDataDirectory(empty, 0);
    expect((await stat(empty)).mode & 0o777).toBe(0o711);
    await expect(prepareDataDirectory(home, 0)).rejects.toMatchObject({ code: 'directory_not_reachable' });
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  it.runIf(asRoot)('opens an empty temporary directory above, but no other directory above', async () => {
    const temporary = await mkdtemp(path.join(os.tmpdir(), 'nova-directory-'));
    try {
      await prepareDataDirectory(path.join(temporary, 'a', 'b'), 0);
      expect((await stat(temporary)).mode & 0o777).toBe(0o711);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    const closed = path.join(parent, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(prepareDataDirectory(path.join(closed, 'a'), 0)).rejects.toMatchObject({
      code: 'directory_not_reachable',
    });
    expect((await stat(closed)).mode & 0o777).toBe(0o700);
  });

  it('refuses a place where no directory can be made', async () => {
    await writeFile(path.join(parent, 'file'), '');
    await expect(prepareDataDirectory(path.join(parent, 'file', 'data'), 1000)).rejects.toMatchObject({
      code: 'directory_not_reachable',
    });
  });

  it.runIf(asRoot)('refuses the cluster of another user', async () => {
    await mkdir(path.join(parent, 'data', 'postgres'), { recursive: true });
    await expect(prepareDataDirectory(path.join(parent, 'data'), 1000)).rejects.toMatchObject({
      code: 'directory_not_owned',
    });
  });
});
