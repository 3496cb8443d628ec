import { describe, expect, it } from 'vitest';
import { nullable, pg } from './columns.js';
import { bindParameters, readQuery } from './query.js';

const row = { id: pg.uuid };

describe('named queries', () => {
  it('number their parameters in the order of first use, the tenant among them', () => {
    const query = readQuery({
      name: 'test.numbered',
      params: { authorId: pg.uuid, limit: pg.int4 },
      row,
      sql: 'select id from posts where tenant_id = :tenant and author_id = :authorId and id <> :authorId limit :limit::int',
    });
    expect(query.text).toBe('select id from posts where tenant_id = $1 and author_id = $2 and id <> $2 limit $3::int');
    expect(bindParameters(query, { authorId: 'a', limit: 3 }, 't')).toEqual(['t', 'a', 3]);
  });

  it('leave casts alone', () => {
    const query = readQuery({
      name: 'test.casts',
      params: { at: nullable(pg.timestamptz) },
      row,
      sql: "select id from posts where created_at < coalesce(:at::timestamptz, 'infinity'::timestamptz)",
    });
    expect(query.text).toBe(
      "select id from posts where created_at < coalesce($1::timestamptz, 'infinity'::timestamptz)",
    );
  });

  it('can be run without their tenant filters, and keep the tenant in values', () => {
    const query = readQuery({
      name: 'test.unfiltered',
      params: {},
      row,
      sql: 'select p.id from posts p join users u on u.tenant_id = :tenant and u.id = p.author_id where p.tenant_id = :tenant',
    });
    expect(query.unfilteredText).not.toContain('tenant_id');
    expect(bindParameters(query, {}, 't')).toEqual(['t']);
  });

  it('refuse a parameter that is not declared, and one that is not used', () => {
    expect(() => readQuery({ name: 'test.a', params: {}, row, sql: 'select :x' })).toThrow(':x is not declared');
    expect(() => readQuery({ name: 'test.b', params: { x: pg.text }, row, sql: 'select 1' })).toThrow('not used');
  });
});
