-- Every named statement, as PostgreSQL gets it. Written by `npm run generate`.

-- content.attachMedia (app, write) $1=tenant $2=postId $3=mediaIds
insert into post_media (tenant_id, post_id, place, media_id)
select $1::uuid, $2::uuid, wanted.place, wanted.id
from unnest($3::uuid[]) with ordinality as wanted (id, place);

-- content.castVote (app, write) $1=userId $2=options $3=tenant $4=postId
with cast_now as (
  insert into poll_votes (tenant_id, post_id, user_id, options)
  select q.tenant_id, q.post_id, $1::uuid, $2::int[]
  from polls q
  where q.tenant_id = $3 and q.post_id = $4 and q.closes_at > now()
  on conflict do nothing
  returning post_id
),
counted as (
  update polls q
  set voters = q.voters + 1,
    votes = (
      select array_agg(each.votes + (each.place - 1 = any($2::int[]))::int order by each.place)
      from unnest(q.votes) with ordinality as each (votes, place))
  from cast_now
  where q.tenant_id = $3 and q.post_id = cast_now.post_id
  returning q.post_id
)
select count(*) as changed from counted;

-- content.correctMarks (system, write) $1=tenantIds $2=hashtags
with wrong as (
  select h.tenant_id, h.post_id, h.hashtag
  from post_hashtags h
  join unnest($1::uuid[], $2::text[]) as r (tenant_id, hashtag)
    on r.tenant_id = h.tenant_id and r.hashtag = h.hashtag
  join posts p on p.tenant_id = h.tenant_id and p.id = h.post_id
  where h.counted <> (p.deleted_at is null and p.visibility = 'public' and not h.removed)
  for update of h skip locked
)
update post_hashtags h set counted = not h.counted
from wrong
where h.tenant_id = wrong.tenant_id and h.post_id = wrong.post_id and h.hashtag = wrong.hashtag;

-- content.deleteLike (app, write) $1=tenant $2=postId $3=userId
with removed as (
  delete from post_likes
  where tenant_id = $1 and post_id = $2::uuid and user_id = $3::uuid
  returning post_id
),
counted as (
  update posts p set like_count = p.like_count - 1
  from removed
  where p.tenant_id = $1 and p.id = removed.post_id and p.deleted_at is null
  returning p.like_count
)
select (select count(*) from removed) as changed, (select like_count from counted) as "likeCount";

-- content.deletePost (app, write) $1=tenant $2=postId $3=authorId
update posts set deleted_at = now(), updated_at = now()
where tenant_id = $1 and id = $2 and author_id = $3 and deleted_at is null;

-- content.deletedPosts (app, read) $1=tenant $2=viewerId $3=beforeAt $4=beforeId $5=limit
select 
  p.id, p.updated_at as "updatedAt", p.like_count as "likeCount",
  (
    select true from post_likes l where l.tenant_id = $1 and l.post_id = p.id and l.user_id = $2::uuid
  ) is not null as liked, 
  p.author_id as "authorId", p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
  p.mentioned_user_ids as "mentionedUserIds", p.entities, p.reply_policy as "replyPolicy", p.custom, p.version,
  p.edited_at as "editedAt", p.has_poll as "hasPoll", p.link_url as "linkUrl", 
  case when p.has_media then (
    select coalesce(jsonb_agg(one.media order by one.place), '[]')
    from (
      select a.place, jsonb_build_object(
    'id', m.id, 'ownerId', m.owner_id, 'kind', m.kind, 'alt', m.alt, 'blurhash', m.blurhash, 'variants',
    jsonb_agg(
      jsonb_build_object('name', v.name, 'url', v.url, 'contentType', v.content_type, 'width', v.width, 'height',
        v.height, 'bytes', v.bytes)
      order by v.name collate "C")) as media
      from post_media a
      join media m on m.tenant_id = $1 and m.id = a.media_id
      join media_variants v on v.tenant_id = $1 and v.media_id = m.id
      where a.tenant_id = $1 and a.post_id = p.id
      group by m.tenant_id, m.id, a.place
    ) one
  ) else '[]' end as media, p.created_at as "createdAt", coalesce(p.deleted_at, now()) as "deletedAt",
  p.deleted_at + interval '30 days' as "restorableUntil"
from posts p
where p.tenant_id = $1 and p.author_id = $2 and p.deleted_at is not null
  and p.deleted_at > now() - interval '30 days'
  and (p.deleted_at, p.id) < ($3::timestamptz, $4::uuid)
order by p.deleted_at desc, p.id desc
limit $5::int;

-- content.draftById (app, read) $1=tenant $2=draftId $3=authorId
select 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt" from post_drafts d
where d.tenant_id = $1 and d.id = $2 and d.author_id = $3;

-- content.draftsOfAuthor (app, read) $1=tenant $2=authorId $3=scheduled $4=beforeAt $5=beforeId $6=limit
select 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt" from post_drafts d
where d.tenant_id = $1 and d.author_id = $2
  and ($3::boolean is null or (d.publish_at is not null) = $3::boolean)
  and (d.created_at, d.id) < ($4::timestamptz, $5::uuid)
order by d.created_at desc, d.id desc
limit $6::int;

-- content.driftingUsage (system, read) $1=tenantIds $2=hashtags
select r.tenant_id as "tenantId", r.hashtag
from unnest($1::uuid[], $2::text[]) as r (tenant_id, hashtag)
where (
  select count(*) from post_hashtags h
  where h.tenant_id = r.tenant_id and h.hashtag = r.hashtag and h.counted
) <> coalesce(
  (select u.posts from hashtag_usage u where u.tenant_id = r.tenant_id and u.hashtag = r.hashtag), 0);

-- content.eraseDrafts (app, write) $1=tenant $2=userId $3=limit
delete from post_drafts d
where d.tenant_id = $1 and d.id = any (array(
  select own.id from post_drafts own
  where own.tenant_id = $1 and own.author_id = $2
  order by own.created_at desc, own.id desc
  limit $3::int
));

-- content.eraseLikesBy (app, write) $1=tenant $2=userId $3=limit
with gone as (
  delete from post_likes l
  where l.tenant_id = $1 and l.ctid = any (array(
    select g.ctid from post_likes g where g.tenant_id = $1 and g.user_id = $2 limit $3::int
  ))
  returning l.post_id
),
locked as (
  select k.id from posts k
  where k.tenant_id = $1 and k.id = any (array(select gone.post_id from gone))
  order by k.id
  for no key update
),
counted as (
  update posts p set like_count = p.like_count - 1
  from locked
  where p.tenant_id = $1 and p.id = locked.id
)
select post_id as "postId" from gone;

-- content.eraseLikesOf (app, write) $1=tenant $2=userId $3=limit
with gone as (
  delete from post_likes l
  where l.tenant_id = $1 and l.ctid = any (array(
    select liked.place
    from (
      select o.id from posts o
      where o.tenant_id = $1 and o.author_id = $2 and o.deleted_at is not null
      order by o.deleted_at desc, o.id desc
      limit $3::int
    ) own
    cross join lateral (
      select g.ctid as place from post_likes g where g.tenant_id = $1 and g.post_id = own.id limit $3::int
    ) liked
    limit $3::int
  ))
  returning l.post_id
),
delta as (
  select post_id, count(*) as likes from gone group by post_id
),
counted as (
  update posts p set like_count = p.like_count - delta.likes
  from delta
  where p.tenant_id = $1 and p.id = delta.post_id
)
select count(*) as erased from gone;

-- content.eraseMedia (app, write) $1=tenant $2=userId $3=limit
with given as (
  select o.id from media o
  where o.tenant_id = $1 and o.owner_id = $2
  order by o.created_at desc, o.id desc
  limit $3::int
),
gone as (
  delete from media m using given
  where m.tenant_id = $1 and m.id = given.id and not coalesce((
    select true from post_media a where a.tenant_id = $1 and a.media_id = m.id limit 1), false)
  returning m.id
)
select (select count(*) from given) as found, (select count(*) from gone) as erased;

-- content.erasePostRows (app, write) $1=tenant $2=userId $3=limit
with given as (
  select o.id from posts o
  where o.tenant_id = $1 and o.author_id = $2 and o.deleted_at is not null
  order by o.deleted_at desc, o.id desc
  limit $3::int
),
gone as (
  delete from posts p using given
  where p.tenant_id = $1 and p.id = given.id and not coalesce((
    select true from post_hashtags h
    where h.tenant_id = $1 and h.post_id = p.id and h.counted limit 1), false)
  returning p.id
)
select (select count(*) from given) as found, (select count(*) from gone) as erased;

-- content.erasePosts (app, write) $1=tenant $2=userId $3=limit
update posts p set deleted_at = now(), updated_at = now()
from (
  select o.id from posts o
  where o.tenant_id = $1 and o.author_id = $2 and o.deleted_at is null
  order by o.created_at desc, o.id desc
  limit $3::int
) own
where p.tenant_id = $1 and p.id = own.id and p.deleted_at is null
returning p.id as "postId";

-- content.eraseVotesBy (app, write) $1=tenant $2=userId $3=limit
with given as (
  select g.ctid as place, g.post_id from poll_votes g
  where g.tenant_id = $1 and g.user_id = $2
  limit $3::int
),
locked as (
  select q.post_id from polls q
  where q.tenant_id = $1 and q.post_id = any (array(select given.post_id from given))
  order by q.post_id
  for no key update
),
gone as (
  delete from poll_votes v
  where v.tenant_id = $1 and v.ctid = any (array(
    select given.place from given where given.post_id = any (array(select locked.post_id from locked))
  ))
  returning v.post_id, v.options
),
delta as (
  select gone.post_id, count(*) filter (where chosen.nth = 1) as voters, array_agg(chosen.option) as options
  from gone
  cross join unnest(gone.options) with ordinality as chosen (option, nth)
  group by gone.post_id
),
counted as (
  update polls q
  set voters = q.voters - delta.voters,
    votes = (
      select array_agg(
        each.votes - (select count(*) from unnest(delta.options) as o (option) where o.option = each.place - 1)
        order by each.place)
      from unnest(q.votes) with ordinality as each (votes, place))
  from delta
  where q.tenant_id = $1 and q.post_id = delta.post_id
)
select count(*) as erased from gone;

-- content.eraseVotesOf (app, write) $1=tenant $2=userId $3=limit
with given as (
  select vote.place, vote.post_id
  from (
    select o.id from posts o
    where o.tenant_id = $1 and o.author_id = $2 and o.deleted_at is not null
    order by o.deleted_at desc, o.id desc
    limit $3::int
  ) own
  cross join lateral (
    select g.ctid as place, g.post_id from poll_votes g
    where g.tenant_id = $1 and g.post_id = own.id
    limit $3::int
  ) vote
  limit $3::int
),
locked as (
  select q.post_id from polls q
  where q.tenant_id = $1 and q.post_id = any (array(select given.post_id from given))
  order by q.post_id
  for no key update
),
gone as (
  delete from poll_votes v
  where v.tenant_id = $1 and v.ctid = any (array(
    select given.place from given where given.post_id = any (array(select locked.post_id from locked))
  ))
  returning v.post_id, v.options
),
delta as (
  select gone.post_id, count(*) filter (where chosen.nth = 1) as voters, array_agg(chosen.option) as options
  from gone
  cross join unnest(gone.options) with ordinality as chosen (option, nth)
  group by gone.post_id
),
counted as (
  update polls q
  set voters = q.voters - delta.voters,
    votes = (
      select array_agg(
        each.votes - (select count(*) from unnest(delta.options) as o (option) where o.option = each.place - 1)
        order by each.place)
      from unnest(q.votes) with ordinality as each (votes, place))
  from delta
  where q.tenant_id = $1 and q.post_id = delta.post_id
)
select count(*) as erased from gone;

-- content.exportDeletedPosts (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select p.id, p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
  p.mentioned_user_ids as "mentionedUserIds", p.entities, p.reply_policy as "replyPolicy", p.custom, p.version,
  p.edited_at as "editedAt",
  case when p.has_media then array(
    select a.media_id from post_media a where a.tenant_id = $1 and a.post_id = p.id order by a.place
  ) else '{}' end as "mediaIds",
  case when p.has_poll then (
    select jsonb_build_object('options', q.options, 'multiple', q.multiple, 'hidesResults', q.hides_results,
      'votes', q.votes, 'voters', q.voters, 'closesAt', q.closes_at)
    from polls q where q.tenant_id = $1 and q.post_id = p.id
  ) end as poll,
  p.created_at as "createdAt", p.updated_at as "updatedAt", p.deleted_at as "deletedAt"
from posts p
where p.tenant_id = $1 and p.author_id = $2 and p.deleted_at is not null
  and (p.deleted_at, p.id) < ($3, $4)
order by p.deleted_at desc, p.id desc
limit $5::int;

-- content.exportDrafts (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt" from post_drafts d
where d.tenant_id = $1 and d.author_id = $2
  and (d.created_at, d.id) < ($3::timestamptz, $4::uuid)
order by d.created_at desc, d.id desc
limit $5::int;

-- content.exportLikes (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select post_id as "postId", created_at as at
from post_likes
where tenant_id = $1 and user_id = $2 and (created_at, post_id) < ($3, $4)
order by created_at desc, post_id desc
limit $5::int;

-- content.exportMedia (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select m.id, m.created_at as at, (
  select jsonb_build_object(
    'id', m.id, 'ownerId', m.owner_id, 'kind', m.kind, 'alt', m.alt, 'blurhash', m.blurhash, 'variants',
    jsonb_agg(
      jsonb_build_object('name', v.name, 'url', v.url, 'contentType', v.content_type, 'width', v.width, 'height',
        v.height, 'bytes', v.bytes)
      order by v.name collate "C")) from media_variants v where v.tenant_id = $1 and v.media_id = m.id
) as media
from media m
where m.tenant_id = $1 and m.owner_id = $2
  and (m.created_at, m.id) < ($3::timestamptz, $4::uuid)
order by m.created_at desc, m.id desc
limit $5::int;

-- content.exportPostVersions (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit $6=beforeVersion
select edited.id as "postId", edited.created_at as "postedAt", kept.version, kept.body, kept.language,
  kept.entities, kept.custom, kept.written_at as "writtenAt"
from (
  select p.id, p.created_at from posts p
  where p.tenant_id = $1 and p.author_id = $2 and p.version > 1
    and (p.created_at, p.id) <= ($3::timestamptz, $4::uuid)
  order by p.created_at desc, p.id desc
  -- Of the first there may be none left.
  limit $5::int + 1
) edited
cross join lateral (
  select v.version, v.body, v.language, v.entities, v.custom, v.written_at
  from post_versions v
  where v.tenant_id = $1 and v.post_id = edited.id
    and v.version < case edited.id when $4::uuid then $6::int else 2147483647 end
  order by v.version desc
  limit $5::int
) kept
order by edited.created_at desc, edited.id desc, kept.version desc
limit $5::int;

-- content.exportPosts (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select p.id, p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
  p.mentioned_user_ids as "mentionedUserIds", p.entities, p.reply_policy as "replyPolicy", p.custom, p.version,
  p.edited_at as "editedAt",
  case when p.has_media then array(
    select a.media_id from post_media a where a.tenant_id = $1 and a.post_id = p.id order by a.place
  ) else '{}' end as "mediaIds",
  case when p.has_poll then (
    select jsonb_build_object('options', q.options, 'multiple', q.multiple, 'hidesResults', q.hides_results,
      'votes', q.votes, 'voters', q.voters, 'closesAt', q.closes_at)
    from polls q where q.tenant_id = $1 and q.post_id = p.id
  ) end as poll,
  p.created_at as "createdAt", p.updated_at as "updatedAt", p.deleted_at as "deletedAt"
from posts p
where p.tenant_id = $1 and p.author_id = $2 and p.deleted_at is null
  and (p.created_at, p.id) < ($3, $4)
order by p.created_at desc, p.id desc
limit $5::int;

-- content.exportVotes (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select v.post_id as "postId", v.options, v.created_at as at
from poll_votes v
where v.tenant_id = $1 and v.user_id = $2
  and (v.created_at, v.post_id) < ($3::timestamptz, $4::uuid)
order by v.created_at desc, v.post_id desc
limit $5::int;

-- content.hashtagUsage (app, read) $1=tenant $2=hashtag
select u.posts from hashtag_usage u where u.tenant_id = $1 and u.hashtag = $2;

-- content.hashtagsAfter (system, read) $1=afterTenant $2=afterHashtag $3=limit
select tenant_id as "tenantId", hashtag
from (
  (select distinct h.tenant_id, h.hashtag from post_hashtags h
   where (h.tenant_id, h.hashtag) > ($1::uuid, $2::text)
   order by h.tenant_id, h.hashtag limit $3::int)
  union
  (select u.tenant_id, u.hashtag from hashtag_usage u
   where (u.tenant_id, u.hashtag) > ($1::uuid, $2::text)
   order by u.tenant_id, u.hashtag limit $3::int)
) known
order by tenant_id, hashtag
limit $3::int;

-- content.insertDraft (app, write) $1=tenant $2=id $3=authorId $4=body $5=language $6=visibility $7=replyPolicy $8=custom $9=mediaIds $10=poll $11=publishAt $12=max
insert into post_drafts as d (tenant_id, id, author_id, body, language, visibility, reply_policy, custom, media_ids,
  poll, publish_at, due_at)
select $1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10,
  $11::timestamptz, $11::timestamptz
where (select count(*) from post_drafts own where own.tenant_id = $1 and own.author_id = $3) < $12
returning 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt";

-- content.insertLike (app, write) $1=tenant $2=postId $3=userId
with inserted as (
  insert into post_likes (tenant_id, post_id, user_id)
  values ($1::uuid, $2::uuid, $3::uuid)
  on conflict do nothing
  returning post_id
),
counted as (
  update posts p set like_count = p.like_count + 1
  from inserted
  where p.tenant_id = $1 and p.id = inserted.post_id and p.deleted_at is null
  returning p.like_count
)
select (select count(*) from inserted) as changed, (select like_count from counted) as "likeCount";

-- content.insertManyLikes (app, write) $1=tenant $2=postIds $3=userIds $4=createdAts
with given as (
  select r.place, r.post_id, r.user_id, r.created_at,
    case
      when (select p.deleted_at is null from posts p where p.tenant_id = $1 and p.id = r.post_id) is not true
        then 'no_such_post'
      when (select true from users u where u.tenant_id = $1 and u.id = r.user_id) is null then 'no_such_user'
      when row_number() over (partition by r.post_id, r.user_id order by r.place) > 1 then 'known'
    end as reason
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) with ordinality
    as r (post_id, user_id, created_at, place)
),
inserted as (
  insert into post_likes (tenant_id, post_id, user_id, created_at)
  select $1::uuid, g.post_id, g.user_id, g.created_at
  from given g
  where g.reason is null
  order by g.post_id, g.user_id
  on conflict do nothing
  returning post_id, user_id
)
select g.place - 1 as index, coalesce(g.reason, 'known') as reason
from given g
left join inserted i on i.post_id = g.post_id and i.user_id = g.user_id
where g.reason is not null or i.post_id is null
order by g.place;

-- content.insertManyPosts (app, write) $1=tenant $2=ids $3=authorIds $4=bodies $5=imageNames $6=languages $7=visibilities $8=hashtags $9=mentionedUserIds $10=entities $11=createdAts
with given as (
  select r.*,
    case
      when (select true from users u where u.tenant_id = $1 and u.id = r.author_id) is null then 'no_such_user'
      when row_number() over (partition by r.id order by r.place) > 1 then 'known'
    end as reason
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::text[], $9::text[], $10::text[],
    $11::timestamptz[])
    with ordinality
    as r (id, author_id, body, image_name, language, visibility, hashtags, mentioned_user_ids, entities, created_at,
      place)
),
inserted as (
  insert into posts (tenant_id, id, author_id, body, image_name, language, visibility, hashtags,
    mentioned_user_ids, entities, created_at, updated_at)
  select $1::uuid, g.id, g.author_id, g.body, g.image_name, g.language, g.visibility,
    string_to_array(g.hashtags, ' '), string_to_array(g.mentioned_user_ids, ',')::uuid[], g.entities::jsonb,
    g.created_at, g.created_at
  from given g
  where g.reason is null
  order by g.id
  on conflict do nothing
  returning id, created_at, hashtags
),
tagged as (
  insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
  select $1::uuid, i.id, tag.name, i.created_at from inserted i cross join unnest(i.hashtags) as tag (name)
)
select g.place - 1 as index, coalesce(g.reason, 'known') as reason
from given g
left join inserted i on i.id = g.id
where g.reason is not null or i.id is null
order by g.place;

-- content.insertMedia (app, write) $1=id $2=kind $3=alt $4=blurhash $5=tenant $6=ownerId $7=variants
with owned as (
  insert into media (tenant_id, id, owner_id, kind, alt, blurhash)
  select u.tenant_id, $1::uuid, u.id, $2, $3, $4
  from users u
  where u.tenant_id = $5 and u.id = $6 and u.deleted_at is null
  returning tenant_id, id
),
variants as (
  insert into media_variants (tenant_id, media_id, name, url, content_type, width, height, bytes)
  select owned.tenant_id, owned.id, v.name, v.url, v."contentType", v.width, v.height, v.bytes
  from owned
  cross join jsonb_to_recordset($7::jsonb)
    as v (name text, url text, "contentType" text, width int, height int, bytes bigint)
)
select id from owned;

-- content.insertPoll (app, write) $1=tenant $2=postId $3=options $4=multiple $5=hidesResults $6=durationSeconds
insert into polls (tenant_id, post_id, options, multiple, hides_results, closes_at, votes)
values ($1::uuid, $2, $3, $4, $5,
  now() + $6::int * interval '1 second', array_fill(0::bigint, array[cardinality($3::text[])]))
returning closes_at as "closesAt";

-- content.insertPost (app, write) $1=tenant $2=id $3=authorId $4=body $5=language $6=visibility $7=hashtags $8=mentionedUserIds $9=entities $10=replyPolicy $11=custom $12=hasPoll $13=hasMedia $14=linkUrl
with post as (
  insert into posts (tenant_id, id, author_id, body, language, visibility, hashtags, mentioned_user_ids, entities,
    reply_policy, custom, has_poll, has_media,
    link_url)
  values ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9,
    $10, $11, $12, $13, $14)
  returning id, created_at, hashtags
),
tagged as (
  insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
  select $1::uuid, post.id, tag.name, post.created_at from post cross join unnest(post.hashtags) as tag (name)
)
select created_at as "createdAt" from post;

-- content.leaseDueDrafts (system, write) $1=leaseMs $2=limit
update post_drafts d set due_at = now() + $1 * interval '1 millisecond'
where ctid = any (array(
  select due.ctid from post_drafts due
  where due.due_at <= now()
  order by due.due_at
  limit $2::int
  for update skip locked))
returning d.tenant_id as "tenantId", (select t.plan from tenants t where t.tenant_id = d.tenant_id) as plan,
  d.id as "draftId", d.author_id as "authorId";

-- content.leaseDueLinks (system, write) $1=leaseMs $2=limit
update link_previews l set due_at = now() + $1 * interval '1 millisecond', attempts = l.attempts + 1
where ctid = any (array(
  select due.ctid from link_previews due
  where due.due_at <= now()
  order by due.due_at
  limit $2::int
  for update skip locked))
returning l.tenant_id as "tenantId", l.url, l.attempts;

-- content.likeCountsAfter (system, read) $1=afterTenant $2=afterPost $3=limit
select p.tenant_id as "tenantId", p.id as "postId",
  p.like_count <> (select count(*) from post_likes l where l.tenant_id = p.tenant_id and l.post_id = p.id) as drifting
from posts p
where (p.tenant_id, p.id) > ($1::uuid, $2::uuid)
order by p.tenant_id, p.id
limit $3::int;

-- content.likeDrift (system, read) $1=sample
with sampled as (
  select p.tenant_id, p.id, p.like_count
  from posts p tablesample system (
    (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * $1::int / k.reltuples) end
     from pg_class k where k.oid = 'posts'::regclass))
  limit $1::int
)
select count(*) as sampled, count(*) filter (
  where s.like_count <> (select count(*) from post_likes l where l.tenant_id = s.tenant_id and l.post_id = s.id)
) as drifting
from sampled s;

-- content.likers (app, read) $1=tenant $2=postId $3=beforeAt $4=beforeId $5=viewerId $6=limit
select l.user_id as "userId", l.created_at as at
from post_likes l
join users u on u.tenant_id = $1 and u.id = l.user_id and u.deleted_at is null
where l.tenant_id = $1 and l.post_id = $2
  and (l.created_at, l.user_id) < ($3::timestamptz, $4::uuid)
  and not coalesce(
    (select true from blocks b
      where b.tenant_id = $1 and b.blocker_id = $5::uuid and b.blocked_id = l.user_id),
    (select true from blocks b
      where b.tenant_id = $1 and b.blocker_id = l.user_id and b.blocked_id = $5::uuid),
    false)
order by l.created_at desc, l.user_id desc
limit $6::int;

-- content.likersOfMany (app, read) $1=postIds $2=tenant $3=viewerId $4=limit
select post.id as "postId", page.user_id as "userId", page.created_at as at
from unnest($1::uuid[]) as post (id)
cross join lateral (
  select l.user_id, l.created_at
  from post_likes l
  join users u on u.tenant_id = $2 and u.id = l.user_id and u.deleted_at is null
  where l.tenant_id = $2 and l.post_id = post.id
    and not coalesce(
    (select true from blocks b
      where b.tenant_id = $2 and b.blocker_id = $3::uuid and b.blocked_id = l.user_id),
    (select true from blocks b
      where b.tenant_id = $2 and b.blocker_id = l.user_id and b.blocked_id = $3::uuid),
    false)
  order by l.created_at desc, l.user_id desc
  limit $4::int
) page
order by post.id, page.created_at desc, page.user_id desc;

-- content.lockOwnPost (app, write) $1=tenant $2=viewerId $3=postId
select 
  p.id, p.updated_at as "updatedAt", p.like_count as "likeCount",
  (
    select true from post_likes l where l.tenant_id = $1 and l.post_id = p.id and l.user_id = $2::uuid
  ) is not null as liked, 
  p.author_id as "authorId", p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
  p.mentioned_user_ids as "mentionedUserIds", p.entities, p.reply_policy as "replyPolicy", p.custom, p.version,
  p.edited_at as "editedAt", p.has_poll as "hasPoll", p.link_url as "linkUrl", 
  case when p.has_media then (
    select coalesce(jsonb_agg(one.media order by one.place), '[]')
    from (
      select a.place, jsonb_build_object(
    'id', m.id, 'ownerId', m.owner_id, 'kind', m.kind, 'alt', m.alt, 'blurhash', m.blurhash, 'variants',
    jsonb_agg(
      jsonb_build_object('name', v.name, 'url', v.url, 'contentType', v.content_type, 'width', v.width, 'height',
        v.height, 'bytes', v.bytes)
      order by v.name collate "C")) as media
      from post_media a
      join media m on m.tenant_id = $1 and m.id = a.media_id
      join media_variants v on v.tenant_id = $1 and v.media_id = m.id
      where a.tenant_id = $1 and a.post_id = p.id
      group by m.tenant_id, m.id, a.place
    ) one
  ) else '[]' end as media, p.created_at as "createdAt", (extract(epoch from now() - p.created_at) * 1000)::float8 as "ageMs"
from posts p
where p.tenant_id = $1 and p.id = $3 and p.author_id = $2 and p.deleted_at is null
for no key update of p;

-- content.lockPolls (system, write) $1=tenantIds $2=postIds
select q.post_id as "postId"
from polls q
join unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id)
  on r.tenant_id = q.tenant_id and r.id = q.post_id
order by q.tenant_id, q.post_id
for no key update of q;

-- content.lockPosts (system, write) $1=tenantIds $2=postIds
select p.id as "postId"
from posts p
join unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id) on r.tenant_id = p.tenant_id and r.id = p.id
order by p.tenant_id, p.id
for no key update of p;

-- content.lockUsage (system, write) $1=tenantId $2=hashtag
insert into hashtag_usage as u (tenant_id, hashtag)
values ($1, $2)
on conflict (tenant_id, hashtag) do update set posts = u.posts;

-- content.lowerUsage (app, write) $1=tenant $2=hashtags
update hashtag_usage set posts = posts - 1
where tenant_id = $1 and hashtag = any($2::text[]);

-- content.markCounted (app, write) $1=tenant $2=postIds
with uncounted as (
  select h.post_id, h.hashtag
  from post_hashtags h
  join posts p on p.tenant_id = $1 and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
  where h.tenant_id = $1 and h.post_id = any($2::uuid[]) and not h.counted and not h.removed
  order by h.post_id, h.hashtag
  for update of h
),
marked as (
  update post_hashtags h set counted = true
  from uncounted u
  where h.tenant_id = $1 and h.post_id = u.post_id and h.hashtag = u.hashtag
  returning h.hashtag
)
select hashtag, count(*) as posts from marked group by hashtag;

-- content.mediaById (app, read) $1=tenant $2=mediaId
select jsonb_build_object(
    'id', m.id, 'ownerId', m.owner_id, 'kind', m.kind, 'alt', m.alt, 'blurhash', m.blurhash, 'variants',
    jsonb_agg(
      jsonb_build_object('name', v.name, 'url', v.url, 'contentType', v.content_type, 'width', v.width, 'height',
        v.height, 'bytes', v.bytes)
      order by v.name collate "C")) as media
from media m
join media_variants v on v.tenant_id = $1 and v.media_id = m.id
where m.tenant_id = $1 and m.id = $2
group by m.tenant_id, m.id;

-- content.mediaOfOwner (app, read) $1=mediaIds $2=tenant $3=ownerId
select jsonb_build_object(
    'id', m.id, 'ownerId', m.owner_id, 'kind', m.kind, 'alt', m.alt, 'blurhash', m.blurhash, 'variants',
    jsonb_agg(
      jsonb_build_object('name', v.name, 'url', v.url, 'contentType', v.content_type, 'width', v.width, 'height',
        v.height, 'bytes', v.bytes)
      order by v.name collate "C")) as media
from unnest($1::uuid[]) with ordinality as wanted (id, place)
join media m on m.tenant_id = $2 and m.id = wanted.id and (m.owner_id = $3) is true
join media_variants v on v.tenant_id = $2 and v.media_id = m.id
group by m.tenant_id, m.id, wanted.place
order by wanted.place;

-- content.pollDrift (system, read) $1=sample
with sampled as (
  select each.* from polls each tablesample system (
    (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * $1::int / k.reltuples) end
     from pg_class k where k.oid = 'polls'::regclass))
  limit $1::int
)
select count(*) as sampled,
  count(*) filter (where (q.voters, q.votes) is distinct from (actual.voters, actual.votes)) as drifting
from sampled q

cross join lateral (
  select (select count(*) from poll_votes v where v.tenant_id = q.tenant_id and v.post_id = q.post_id) as voters,
    (select array_agg(coalesce(counted.votes, 0) order by place)
     from generate_subscripts(q.options, 1) place
     left join (
       select chosen + 1 as place, count(*) as votes
       from poll_votes v cross join unnest(v.options) as chosen
       where v.tenant_id = q.tenant_id and v.post_id = q.post_id
       group by 1
     ) counted using (place)) as votes
) actual;

-- content.pollsAfter (system, read) $1=afterTenant $2=afterPost $3=limit
select q.tenant_id as "tenantId", q.post_id as "postId",
  (q.voters, q.votes) is distinct from (actual.voters, actual.votes) as drifting
from (
  select each.* from polls each
  where (each.tenant_id, each.post_id) > ($1::uuid, $2::uuid)
  order by each.tenant_id, each.post_id
  limit $3::int
) q

cross join lateral (
  select (select count(*) from poll_votes v where v.tenant_id = q.tenant_id and v.post_id = q.post_id) as voters,
    (select array_agg(coalesce(counted.votes, 0) order by place)
     from generate_subscripts(q.options, 1) place
     left join (
       select chosen + 1 as place, count(*) as votes
       from poll_votes v cross join unnest(v.options) as chosen
       where v.tenant_id = q.tenant_id and v.post_id = q.post_id
       group by 1
     ) counted using (place)) as votes
) actual
order by q.tenant_id, q.post_id;

-- content.pollsOfPosts (app, read) $1=tenant $2=viewerId $3=postIds
select q.post_id as "postId", q.options, q.multiple, q.hides_results as "hidesResults", q.votes, q.voters,
  q.closes_at as "closesAt", q.closes_at <= now() as closed,
  coalesce((
    select v.options from poll_votes v
    where v.tenant_id = $1 and v.post_id = q.post_id and v.user_id = $2::uuid
  ), '{}') as "votedFor"
from polls q
where q.tenant_id = $1 and q.post_id = any($3::uuid[]);

-- content.postContents (app, read) $1=tenant $2=postIds
select p.id, p.updated_at as "updatedAt", 
  p.author_id as "authorId", p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
  p.mentioned_user_ids as "mentionedUserIds", p.entities, p.reply_policy as "replyPolicy", p.custom, p.version,
  p.edited_at as "editedAt", p.has_poll as "hasPoll", p.link_url as "linkUrl", 
  case when p.has_media then (
    select coalesce(jsonb_agg(one.media order by one.place), '[]')
    from (
      select a.place, jsonb_build_object(
    'id', m.id, 'ownerId', m.owner_id, 'kind', m.kind, 'alt', m.alt, 'blurhash', m.blurhash, 'variants',
    jsonb_agg(
      jsonb_build_object('name', v.name, 'url', v.url, 'contentType', v.content_type, 'width', v.width, 'height',
        v.height, 'bytes', v.bytes)
      order by v.name collate "C")) as media
      from post_media a
      join media m on m.tenant_id = $1 and m.id = a.media_id
      join media_variants v on v.tenant_id = $1 and v.media_id = m.id
      where a.tenant_id = $1 and a.post_id = p.id
      group by m.tenant_id, m.id, a.place
    ) one
  ) else '[]' end as media, p.created_at as "createdAt"
from posts p
where p.tenant_id = $1 and p.id = any($2::uuid[]) and p.deleted_at is null;

-- content.postStates (app, read) $1=tenant $2=viewerId $3=postIds
select 
  p.id, p.updated_at as "updatedAt", p.like_count as "likeCount",
  (
    select true from post_likes l where l.tenant_id = $1 and l.post_id = p.id and l.user_id = $2::uuid
  ) is not null as liked
from posts p
where p.tenant_id = $1 and p.id = any($3::uuid[]) and p.deleted_at is null;

-- content.postVersions (app, read) $1=tenant $2=postId $3=before $4=limit
select each.version, each.body, each.language, each.entities, each.custom, each.written_at as "writtenAt"
from (
  (select p.version, p.body, p.language, p.entities, p.custom, coalesce(p.edited_at, p.created_at) as written_at
   from posts p
   where p.tenant_id = $1 and p.id = $2 and p.deleted_at is null and p.version < $3)
  union all
  (select v.version, v.body, v.language, v.entities, v.custom, v.written_at
   from post_versions v
   where v.tenant_id = $1 and v.post_id = $2 and v.version < $3
   order by v.version desc
   limit $4::int)
) each
order by each.version desc
limit $4::int;

-- content.postsByAuthor (app, read) $1=tenant $2=viewerId $3=authorId $4=beforeAt $5=beforeId $6=limit
select author.updated_at as "authorUpdatedAt", page.*
from users author
cross join lateral (
  select coalesce(array_agg(post.id), '{}') as ids,
    coalesce(array_agg(post."updatedAt"), '{}') as "updatedAts",
    coalesce(array_agg(post."likeCount"), '{}') as "likeCounts",
    coalesce(array_agg(post.liked), '{}') as liked,
    coalesce(array_agg(post."createdAt"), '{}') as "createdAts"
  from (
    select 
  p.id, p.updated_at as "updatedAt", p.like_count as "likeCount",
  (
    select true from post_likes l where l.tenant_id = $1 and l.post_id = p.id and l.user_id = $2::uuid
  ) is not null as liked, p.created_at as "createdAt"
    from posts p
    where p.tenant_id = $1 and p.author_id = $3 and p.deleted_at is null
      and (p.created_at, p.id) < ($4::timestamptz, $5::uuid)
      and ($3::uuid = $2::uuid or ((not author.is_private or (
          select true from follows f
          where f.tenant_id = $1 and f.follower_id = $2::uuid and f.followee_id = $3
        ) is not null) and case p.visibility
        when 'public' then true
        when 'followers' then (
          select true from follows f
          where f.tenant_id = $1 and f.follower_id = $2::uuid and f.followee_id = $3
        ) is not null
        when 'close_friends' then (
    select true from user_list_members m
    where m.tenant_id = $1 and m.member_id = $2::uuid and m.list_id = (
      select l.id from user_lists l
      where l.tenant_id = $1 and l.owner_id = $3 and l.kind = 'close_friends')
  ) is not null
        else false
      end))
    order by p.created_at desc, p.id desc
    limit $6::int
  ) post
) page
where author.tenant_id = $1 and author.id = $3 and author.deleted_at is null
  and not coalesce(
    (select true from blocks b
      where b.tenant_id = $1 and b.blocker_id = $2::uuid and b.blocked_id = $3),
    (select true from blocks b
      where b.tenant_id = $1 and b.blocker_id = $3 and b.blocked_id = $2::uuid),
    false);

-- content.postsByHashtag (app, read) $1=tenant $2=viewerId $3=hashtag $4=beforeAt $5=beforeId $6=limit
select 
  p.id, p.updated_at as "updatedAt", p.like_count as "likeCount",
  (
    select true from post_likes l where l.tenant_id = $1 and l.post_id = p.id and l.user_id = $2::uuid
  ) is not null as liked, h.created_at as "createdAt"
from post_hashtags h
join posts p on p.tenant_id = $1 and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
join users u on u.tenant_id = $1 and u.id = p.author_id and u.deleted_at is null
where h.tenant_id = $1 and h.hashtag = $3 and not h.removed
  and (h.created_at, h.post_id) < ($4::timestamptz, $5::uuid)
  and not coalesce(
    (select true from blocks b
      where b.tenant_id = $1 and b.blocker_id = $2::uuid and b.blocked_id = p.author_id),
    (select true from blocks b
      where b.tenant_id = $1 and b.blocker_id = p.author_id and b.blocked_id = $2::uuid),
    false)
  and not coalesce(
    (select m.expires_at is null or m.expires_at > now() from mutes m
      where m.tenant_id = $1 and m.muter_id = $2::uuid and m.muted_id = p.author_id),
    false)
  and case when u.is_private
    then u.id = $2::uuid or (
      select true from follows f
      where f.tenant_id = $1 and f.follower_id = $2::uuid and f.followee_id = u.id
    ) is not null
    else true end
order by h.created_at desc, h.post_id desc
limit $6::int;

-- content.postsOfAuthors (app, read) $1=tenant $2=viewerId $3=authorIds $4=seesFollowers $5=seesCloseFriends $6=seesPrivate $7=limit
select 
  p.id, p.updated_at as "updatedAt", p.like_count as "likeCount",
  (
    select true from post_likes l where l.tenant_id = $1 and l.post_id = p.id and l.user_id = $2::uuid
  ) is not null as liked, p.author_id as "authorId", p.created_at as "createdAt"
from unnest($3::uuid[], $4::boolean[], $5::boolean[], $6::boolean[])
  as author (id, sees_followers, sees_close_friends, sees_private)
cross join lateral (
  select * from posts own
  where own.tenant_id = $1 and own.author_id = author.id and own.deleted_at is null
    and case own.visibility
      when 'public' then true
      when 'followers' then author.sees_followers
      when 'close_friends' then author.sees_close_friends
      else author.sees_private
    end
  order by own.created_at desc, own.id desc
  limit $7::int
) p
order by p.author_id, p.created_at desc, p.id desc;

-- content.previewSwitch (app, read) $1=tenant
select coalesce((select s.enabled from link_preview_settings s where s.tenant_id = $1), true) as enabled;

-- content.previewsOfUrls (app, read) $1=tenant $2=urls
select l.url, l.title, l.description, l.image_url as "imageUrl", l.site_name as "siteName"
from link_previews l
where l.tenant_id = $1 and l.url = any($2::text[]) and l.title is not null and coalesce((select s.enabled from link_preview_settings s where s.tenant_id = $1), true);

-- content.purgeDeletedPosts (system, write) $1=limit
delete from posts
where ctid = any (array(
  select p.ctid from posts p
  where p.deleted_at < now() - interval '30 days'
    and not coalesce((
      select true from post_hashtags h
      where h.tenant_id = p.tenant_id and h.post_id = p.id and h.counted limit 1), false)
  order by p.deleted_at
  limit $1::int
  for update skip locked));

-- content.purgePreviews (system, write) $1=limit
delete from link_previews
where ctid = any (array(
  select l.ctid from link_previews l
  where l.due_at is null and l.expires_at < now() - interval '180 days'
  order by l.expires_at
  limit $1::int
  for update skip locked));

-- content.raiseLikeCounts (app, write) $1=tenant $2=postIds $3=added
with locked as (
  select k.id from posts k
  where k.tenant_id = $1 and k.id = any($2::uuid[])
  order by k.id
  for no key update
)
update posts p set like_count = p.like_count + d.added
from locked
join unnest($2::uuid[], $3::bigint[]) as d (post_id, added) on d.post_id = locked.id
where p.tenant_id = $1 and p.id = locked.id;

-- content.raiseUsage (app, write) $1=tenant $2=hashtags $3=posts
insert into hashtag_usage as u (tenant_id, hashtag, posts)
select $1::uuid, d.hashtag, d.posts
from unnest($2::text[], $3::bigint[]) as d (hashtag, posts)
order by d.hashtag
on conflict (tenant_id, hashtag) do update set posts = u.posts + excluded.posts;

-- content.recountLikes (system, write) $1=tenantIds $2=postIds
update posts p set like_count = actual.likes
from unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id)
cross join lateral (
  select count(*) as likes from post_likes l where l.tenant_id = r.tenant_id and l.post_id = r.id
) actual
where p.tenant_id = r.tenant_id and p.id = r.id and p.like_count <> actual.likes;

-- content.recountPolls (system, write) $1=tenantIds $2=postIds
update polls p set voters = actual.voters, votes = actual.votes
from unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id)
join polls q on q.tenant_id = r.tenant_id and q.post_id = r.id

cross join lateral (
  select (select count(*) from poll_votes v where v.tenant_id = q.tenant_id and v.post_id = q.post_id) as voters,
    (select array_agg(coalesce(counted.votes, 0) order by place)
     from generate_subscripts(q.options, 1) place
     left join (
       select chosen + 1 as place, count(*) as votes
       from poll_votes v cross join unnest(v.options) as chosen
       where v.tenant_id = q.tenant_id and v.post_id = q.post_id
       group by 1
     ) counted using (place)) as votes
) actual
where p.tenant_id = r.tenant_id and p.post_id = r.id
  and (p.voters, p.votes) is distinct from (actual.voters, actual.votes);

-- content.recountUsage (system, write) $1=tenantId $2=hashtag
update hashtag_usage u
set posts = (
  select count(*) from post_hashtags h
  where h.tenant_id = u.tenant_id and h.hashtag = u.hashtag and h.counted)
where u.tenant_id = $1 and u.hashtag = $2;

-- content.restorePost (app, write) $1=tenant $2=postId $3=authorId
update posts p set deleted_at = null, updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 microsecond')
where p.tenant_id = $1 and p.id = $2 and p.author_id = $3
  and p.deleted_at > now() - interval '30 days';

-- content.scheduleDraft (app, write) $1=publishAt $2=tenant $3=draftId $4=authorId
update post_drafts d
set publish_at = $1::timestamptz, due_at = $1::timestamptz, updated_at = now()
where d.tenant_id = $2 and d.id = $3 and d.author_id = $4
returning 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt";

-- content.setHashtags (app, write) $1=tenant $2=postId $3=hashtags
with known as (
  select h.hashtag, h.removed from post_hashtags h
  where h.tenant_id = $1 and h.post_id = $2
  order by h.hashtag
  for update
),
changed as (
  update post_hashtags h set removed = not h.removed
  from known
  where h.tenant_id = $1 and h.post_id = $2 and h.hashtag = known.hashtag
    and known.removed = (known.hashtag = any($3::text[]))
)
insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
select $1::uuid, p.id, tag.name, p.created_at
from posts p
cross join unnest($3::text[]) as tag (name)
where p.tenant_id = $1 and p.id = $2 and tag.name not in (select known.hashtag from known);

-- content.setPreviewSwitch (app, write) $1=tenant $2=enabled
insert into link_preview_settings (tenant_id, enabled) values ($1::uuid, $2)
on conflict (tenant_id) do update set enabled = excluded.enabled;

-- content.storePreview (app, write) $1=title $2=description $3=imageUrl $4=siteName $5=goodForMs $6=tenant $7=url
update link_previews
set title = $1, description = $2, image_url = $3, site_name = $4, due_at = null,
  expires_at = now() + $5 * interval '1 millisecond'
where tenant_id = $6 and url = $7;

-- content.takeDraft (app, write) $1=tenant $2=draftId $3=authorId
delete from post_drafts d
where d.tenant_id = $1 and d.id = $2 and d.author_id = $3
returning 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt";

-- content.takeDueDraft (app, write) $1=tenant $2=draftId $3=authorId
delete from post_drafts d
where d.tenant_id = $1 and d.id = $2 and d.author_id = $3 and d.publish_at <= now()
returning 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt";

-- content.unmarkCounted (app, write) $1=tenant $2=postId
with gone as (
  select h.hashtag, h.removed, h.counted
  from post_hashtags h
  join posts p on p.tenant_id = $1 and p.id = h.post_id
  where h.tenant_id = $1 and h.post_id = $2
    and (h.removed or (h.counted and (p.deleted_at is not null or p.visibility <> 'public')))
  order by h.hashtag
  for update of h
),
dropped as (
  delete from post_hashtags h using gone
  where h.tenant_id = $1 and h.post_id = $2 and h.hashtag = gone.hashtag and gone.removed
),
unmarked as (
  update post_hashtags h set counted = false
  from gone
  where h.tenant_id = $1 and h.post_id = $2 and h.hashtag = gone.hashtag and not gone.removed
)
select hashtag from gone where counted;

-- content.updateDraft (app, write) $1=body $2=language $3=visibility $4=replyPolicy $5=custom $6=mediaIds $7=poll $8=tenant $9=draftId $10=authorId
update post_drafts d
set body = coalesce($1, d.body), language = coalesce($2, d.language),
  visibility = coalesce($3, d.visibility), reply_policy = coalesce($4, d.reply_policy),
  custom = coalesce($5, d.custom), media_ids = coalesce($6, d.media_ids), poll = coalesce($7, d.poll),
  updated_at = now()
where d.tenant_id = $8 and d.id = $9 and d.author_id = $10
returning 
  d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
  d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt";

-- content.updatePost (app, write) $1=tenant $2=postId $3=isNewVersion $4=body $5=language $6=visibility $7=replyPolicy $8=hashtags $9=mentionedUserIds $10=entities $11=custom $12=linkUrl
with kept as (
  insert into post_versions (tenant_id, post_id, version, body, language, entities, custom, written_at)
  select p.tenant_id, p.id, p.version, p.body, p.language, p.entities, p.custom, coalesce(p.edited_at, p.created_at)
  from posts p
  where p.tenant_id = $1 and p.id = $2 and $3::boolean
),
moment as (
  select greatest(clock_timestamp(), p.updated_at + interval '1 microsecond') as at from posts p where p.tenant_id = $1 and p.id = $2
)
update posts p
set body = $4, language = $5, visibility = $6, reply_policy = $7,
  hashtags = $8, mentioned_user_ids = $9, entities = $10, custom = $11,
  link_url = $12,
  version = p.version + $3::boolean::int,
  edited_at = case when $3::boolean then moment.at else p.edited_at end,
  updated_at = moment.at
from moment
where p.tenant_id = $1 and p.id = $2
returning p.version, p.edited_at as "editedAt", p.updated_at as "updatedAt";

-- content.wantPreview (app, write) $1=tenant $2=postId
insert into link_previews as l (tenant_id, url, due_at)
select p.tenant_id, p.link_url, now()
from posts p
where p.tenant_id = $1 and p.id = $2 and p.deleted_at is null and p.link_url is not null
  and p.visibility <> 'private' and coalesce((select s.enabled from link_preview_settings s where s.tenant_id = $1), true)
on conflict (tenant_id, url) do update set due_at = now(), attempts = 0
where l.due_at is null and l.expires_at < now();

-- db.connectionLimit (system, read) 
select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
  - coalesce(current_setting('reserved_connections', true)::int, 0) as connections;

-- db.ownTables (system, read) 
select tablename::text as name from pg_tables
where schemaname = 'nova' and tableowner = current_user
order by tablename;

-- db.ping (system, read) 
select true as answers;

-- feed.eraseFeedSessions (app, write) $1=tenant $2=userId $3=limit
delete from feed_sessions
where tenant_id = $1 and viewer_id = $2 and id = any (array(
  select s.id from feed_sessions s where s.tenant_id = $1 and s.viewer_id = $2 limit $3::int
));

-- feed.followedCandidates (app, read) $1=tenant $2=viewerId $3=limit
with 
sources as (
  select followee_id as author_id from follows
  where tenant_id = $1 and follower_id = $2::uuid and followee_id <> all (array(
    select m.muted_id from mutes m
    where m.tenant_id = $1 and m.muter_id = $2::uuid and (m.expires_at is null or m.expires_at > now())))
  union all
  select $2::uuid
),
depth as (
  select ceil(2.0 * $3::int / count(*))::int as posts from sources
),
sampled as (
  select s.author_id, sample.created_at, sample.id, sample.place
  from sources s
  cross join lateral (
    select p.created_at, p.id, row_number() over (order by p.created_at desc, p.id desc) as place
    from posts p
    where p.tenant_id = $1 and p.author_id = s.author_id and p.deleted_at is null
      and (p.visibility <> 'private' or s.author_id = $2::uuid)
      
    order by p.created_at desc, p.id desc
    limit (select posts from depth)
  ) sample
),
threshold as (
  select coalesce(
    (select created_at from sampled order by created_at desc, id desc limit 1 offset $3::int - 1),
    '-infinity') as created_at
),
further as (
  select post.created_at, post.id
  from sampled s
  cross join lateral (
    select p.created_at, p.id
    from posts p
    where p.tenant_id = $1 and p.author_id = s.author_id and p.deleted_at is null
      and (p.visibility <> 'private' or s.author_id = $2::uuid)
      and (p.created_at, p.id) < (s.created_at, s.id)
      and p.created_at >= (select created_at from threshold)
    order by p.created_at desc, p.id desc
    limit $3::int
  ) post
  where s.place = (select posts from depth)
),
newest as (
  select found.id, found.created_at
  from (select created_at, id from sampled union all select created_at, id from further) found
  order by found.created_at desc, found.id desc
  limit $3::int
)
select coalesce(array_agg(post.id), '{}') as ids, coalesce(array_agg(post.author_id), '{}') as "authorIds",
  coalesce(array_agg(post.created_at), '{}') as "createdAts",
  coalesce(array_agg(post.like_count), '{}') as "likeCounts"
from newest n
cross join lateral (
  select p.id, p.author_id, p.created_at, p.like_count from posts p where p.tenant_id = $1 and p.id = n.id
) post;

-- feed.hashtagSkeleton (app, read) $1=limit $2=tenant $3=hashtag
select coalesce(array_agg(tagged.post_id), '{}') as ids,
  case when count(*) = $1::int then (array_agg(tagged.created_at))[$1::int - 1] end as "horizonAt"
from (
  select h.post_id, h.created_at
  from post_hashtags h
  join posts p on p.tenant_id = $2 and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
  where h.tenant_id = $2 and h.hashtag = $3
  order by h.created_at desc, h.post_id desc
  limit $1::int
) tagged;

-- feed.homeSkeleton (app, read) $1=tenant $2=viewerId $3=limit
with 
sources as (
  select followee_id as author_id from follows
  where tenant_id = $1 and follower_id = $2::uuid and followee_id <> all (array(
    select m.muted_id from mutes m
    where m.tenant_id = $1 and m.muter_id = $2::uuid and (m.expires_at is null or m.expires_at > now())))
  union all
  select $2::uuid
),
depth as (
  select ceil(2.0 * $3::int / count(*))::int as posts from sources
),
sampled as (
  select s.author_id, sample.created_at, sample.id, sample.place
  from sources s
  cross join lateral (
    select p.created_at, p.id, row_number() over (order by p.created_at desc, p.id desc) as place
    from posts p
    where p.tenant_id = $1 and p.author_id = s.author_id and p.deleted_at is null
      and (p.visibility <> 'private' or s.author_id = $2::uuid)
      
    order by p.created_at desc, p.id desc
    limit (select posts from depth)
  ) sample
),
threshold as (
  select coalesce(
    (select created_at from sampled order by created_at desc, id desc limit 1 offset $3::int - 1),
    '-infinity') as created_at
),
further as (
  select post.created_at, post.id
  from sampled s
  cross join lateral (
    select p.created_at, p.id
    from posts p
    where p.tenant_id = $1 and p.author_id = s.author_id and p.deleted_at is null
      and (p.visibility <> 'private' or s.author_id = $2::uuid)
      and (p.created_at, p.id) < (s.created_at, s.id)
      and p.created_at >= (select created_at from threshold)
    order by p.created_at desc, p.id desc
    limit $3::int
  ) post
  where s.place = (select posts from depth)
),
newest as (
  select found.id, found.created_at
  from (select created_at, id from sampled union all select created_at, id from further) found
  order by found.created_at desc, found.id desc
  limit $3::int
)
select coalesce(array_agg(n.id), '{}') as ids,
  case when count(*) = $3::int then (array_agg(n.created_at))[$3::int - 1] end as "horizonAt"
from newest n;

-- feed.lockRepaired (system, write) $1=tenantIds $2=postIds
select p.id as "postId"
from posts p
join unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id) on r.tenant_id = p.tenant_id and r.id = p.id
order by p.tenant_id, p.id
for no key update of p;

-- feed.newHashtagPosts (app, read) $1=tenant $2=lateMs $3=viewerId $4=limit $5=sessionId $6=keptMs
select (
  select count(*)
  from (
    select 1
    from post_hashtags h
    cross join lateral (
      select p.author_id from posts p
      where p.tenant_id = $1 and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
    ) post
    where h.tenant_id = $1 and h.hashtag = session.hashtag
      and h.created_at > greatest(session.opened_at - $2::int * interval '1 ms', session.horizon_at)
      and h.post_id <> all (session.post_ids)
      and post.author_id <> $3::uuid
      and not coalesce(
        (select true from blocks b
          where b.tenant_id = $1 and b.blocker_id = $3::uuid and b.blocked_id = post.author_id),
        (select true from blocks b
          where b.tenant_id = $1 and b.blocker_id = post.author_id and b.blocked_id = $3::uuid),
        false) and post.author_id <> all (array(
    select m.muted_id from mutes m
    where m.tenant_id = $1 and m.muter_id = $3::uuid and (m.expires_at is null or m.expires_at > now())))
      and not coalesce(
        (select u.is_private and (
          select true from follows f
          where f.tenant_id = $1 and f.follower_id = $3::uuid and f.followee_id = u.id) is null
         from users u where u.tenant_id = $1 and u.id = post.author_id),
        true)
    limit $4::int
  ) fresh
) as posts
from feed_sessions session
where session.tenant_id = $1 and session.viewer_id = $3::uuid and session.id = $5
  and session.opened_at > now() - $6::int * interval '1 ms';

-- feed.newHomePosts (app, read) $1=tenant $2=viewerId $3=lateMs $4=limit $5=sessionId $6=keptMs
select (
  select count(*)
  from (
    select 1
    from follows f
    cross join lateral (
      select p.id
      from posts p
      where p.tenant_id = $1 and p.author_id = f.followee_id and p.deleted_at is null
        and (p.visibility in ('public', 'followers') or (p.visibility = 'close_friends' and (
          select true from user_list_members m
          where m.tenant_id = $1 and m.member_id = $2::uuid and m.list_id = (
            select l.id from user_lists l
            where l.tenant_id = $1 and l.owner_id = f.followee_id and l.kind = 'close_friends')) is not null))
        and p.created_at > greatest(session.opened_at - $3::int * interval '1 ms', session.horizon_at)
        and p.id <> all (session.post_ids)
      order by p.created_at desc, p.id desc
      limit $4::int
    ) post
    where f.tenant_id = $1 and f.follower_id = $2::uuid and f.followee_id <> all (array(
    select m.muted_id from mutes m
    where m.tenant_id = $1 and m.muter_id = $2::uuid and (m.expires_at is null or m.expires_at > now())))
    limit $4::int
  ) fresh
) as posts
from feed_sessions session
where session.tenant_id = $1 and session.viewer_id = $2::uuid and session.id = $5
  and session.opened_at > now() - $6::int * interval '1 ms';

-- feed.olderHashtagPosts (app, read) $1=tenant $2=hashtag $3=beforeAt $4=beforeId $5=limit
select coalesce(array_agg(tagged.post_id), '{}') as ids, coalesce(array_agg(tagged.created_at), '{}') as "createdAts"
from (
  select h.post_id, h.created_at
  from post_hashtags h
  join posts p on p.tenant_id = $1 and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
  where h.tenant_id = $1 and h.hashtag = $2
    and (h.created_at, h.post_id) < ($3::timestamptz, $4::uuid)
  order by h.created_at desc, h.post_id desc
  limit $5::int
) tagged;

-- feed.olderPosts (app, read) $1=tenant $2=viewerId $3=limit $4=beforeAt $5=beforeId
with 
sources as (
  select followee_id as author_id from follows
  where tenant_id = $1 and follower_id = $2::uuid and followee_id <> all (array(
    select m.muted_id from mutes m
    where m.tenant_id = $1 and m.muter_id = $2::uuid and (m.expires_at is null or m.expires_at > now())))
  union all
  select $2::uuid
),
depth as (
  select ceil(2.0 * $3::int / count(*))::int as posts from sources
),
sampled as (
  select s.author_id, sample.created_at, sample.id, sample.place
  from sources s
  cross join lateral (
    select p.created_at, p.id, row_number() over (order by p.created_at desc, p.id desc) as place
    from posts p
    where p.tenant_id = $1 and p.author_id = s.author_id and p.deleted_at is null
      and (p.visibility <> 'private' or s.author_id = $2::uuid)
      and (p.created_at, p.id) < ($4::timestamptz, $5::uuid)
    order by p.created_at desc, p.id desc
    limit (select posts from depth)
  ) sample
),
threshold as (
  select coalesce(
    (select created_at from sampled order by created_at desc, id desc limit 1 offset $3::int - 1),
    '-infinity') as created_at
),
further as (
  select post.created_at, post.id
  from sampled s
  cross join lateral (
    select p.created_at, p.id
    from posts p
    where p.tenant_id = $1 and p.author_id = s.author_id and p.deleted_at is null
      and (p.visibility <> 'private' or s.author_id = $2::uuid)
      and (p.created_at, p.id) < (s.created_at, s.id)
      and p.created_at >= (select created_at from threshold)
    order by p.created_at desc, p.id desc
    limit $3::int
  ) post
  where s.place = (select posts from depth)
),
newest as (
  select found.id, found.created_at
  from (select created_at, id from sampled union all select created_at, id from further) found
  order by found.created_at desc, found.id desc
  limit $3::int
)
select coalesce(array_agg(n.id), '{}') as ids, coalesce(array_agg(n.created_at), '{}') as "createdAts"
from newest n;

-- feed.openSession (app, write) $1=tenant $2=viewerId $3=sessionId $4=hashtag $5=postIds $6=reasons $7=horizonAt $8=horizonId $9=others $10=sparedMs
with opened as (
  insert into feed_sessions (tenant_id, viewer_id, id, hashtag, post_ids, reasons, horizon_at, horizon_id)
  values ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7, $8)
  on conflict (tenant_id, viewer_id, id) do update set opened_at = now(), reasons = excluded.reasons
)
delete from feed_sessions old
using (
  select s.id, s.opened_at
  from feed_sessions s
  where s.tenant_id = $1 and s.viewer_id = $2::uuid and s.id <> $3::uuid
  order by s.opened_at desc
  offset $9::int
) beyond
where old.tenant_id = $1 and old.viewer_id = $2::uuid and old.id = beyond.id
  and beyond.opened_at < now() - $10::int * interval '1 ms';

-- feed.popularAfter (system, read) $1=windowMs $2=likesWeight $3=halfLifeMs $4=afterTenant $5=afterPost $6=limit
select p.tenant_id as "tenantId", p.id as "postId",
  (case when p.deleted_at is null and p.visibility = 'public' and p.like_count > 0
    and p.created_at > now() - $1::float8 * interval '1 ms' then $2::float8 * ln(1 + p.like_count) / ln(2::float8)
    + extract(epoch from p.created_at)::float8 * 1000 / $3::float8 end) is distinct from (
    select h.heat from popular_posts h
    where h.tenant_id = p.tenant_id and h.post_id = p.id
      and h.created_at > now() - $1::float8 * interval '1 ms') as drifting
from posts p
where (p.tenant_id, p.id) > ($4::uuid, $5::uuid)
order by p.tenant_id, p.id
limit $6::int;

-- feed.popularCandidates (app, read) $1=tenant $2=windowMs $3=viewerId $4=limit
select coalesce(array_agg(hot.id), '{}') as ids, coalesce(array_agg(hot.author_id), '{}') as "authorIds",
  coalesce(array_agg(hot.created_at), '{}') as "createdAts",
  coalesce(array_agg(hot.like_count), '{}') as "likeCounts"
from (
  select p.id, p.author_id, p.created_at, p.like_count
  from popular_posts h
  join posts p on p.tenant_id = $1 and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
  where h.tenant_id = $1 and h.created_at > now() - $2::float8 * interval '1 ms'
    and p.author_id <> $3::uuid
    and not coalesce(
        (select true from blocks b
          where b.tenant_id = $1 and b.blocker_id = $3::uuid and b.blocked_id = p.author_id),
        (select true from blocks b
          where b.tenant_id = $1 and b.blocker_id = p.author_id and b.blocked_id = $3::uuid),
        false)
  order by h.heat desc, h.post_id desc
  limit $4::int
) hot;

-- feed.purgePopular (system, write) $1=windowMs $2=limit
delete from popular_posts
where ctid = any (array(
  select h.ctid from popular_posts h
  where h.created_at < now() - $1::float8 * interval '1 ms'
  order by h.created_at
  limit $2::int));

-- feed.purgeSessions (system, write) $1=keptMs $2=limit
delete from feed_sessions
where ctid = any (array(
  select s.ctid from feed_sessions s
  where s.opened_at < now() - $1::int * interval '1 ms'
  order by s.opened_at
  limit $2::int
  for update skip locked));

-- feed.refreshPopular (app, write) $1=likesWeight $2=halfLifeMs $3=tenant $4=postId $5=windowMs
with post as (
  select p.id, p.created_at, $1::float8 * ln(1 + p.like_count) / ln(2::float8)
    + extract(epoch from p.created_at)::float8 * 1000 / $2::float8 as heat
  from posts p
  where p.tenant_id = $3 and p.id = $4 and p.deleted_at is null and p.visibility = 'public' and p.like_count > 0
    and p.created_at > now() - $5::float8 * interval '1 ms'
),
stored as (
  insert into popular_posts (tenant_id, post_id, created_at, heat)
  select $3::uuid, post.id, post.created_at, post.heat from post
  on conflict (tenant_id, post_id) do update set heat = excluded.heat
)
delete from popular_posts h
where h.tenant_id = $3 and h.post_id = $4 and (select true from post) is null;

-- feed.repairPopular (system, write) $1=tenantIds $2=postIds $3=likesWeight $4=halfLifeMs $5=windowMs
with given as (
  select r.tenant_id, r.id from unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id)
),
popular as (
  select p.tenant_id, p.id, p.created_at, $3::float8 * ln(1 + p.like_count) / ln(2::float8)
    + extract(epoch from p.created_at)::float8 * 1000 / $4::float8 as heat
  from given g
  join posts p on p.tenant_id = g.tenant_id and p.id = g.id
  where p.deleted_at is null and p.visibility = 'public' and p.like_count > 0
    and p.created_at > now() - $5::float8 * interval '1 ms'
),
stored as (
  insert into popular_posts (tenant_id, post_id, created_at, heat)
  select tenant_id, id, created_at, heat from popular
  on conflict (tenant_id, post_id) do update set heat = excluded.heat
)
delete from popular_posts h
using given g
where h.tenant_id = g.tenant_id and h.post_id = g.id
  and (select true from popular p where p.tenant_id = g.tenant_id and p.id = g.id) is null;

-- feed.sessionSlice (app, read) $1=offset $2=count $3=tenant $4=viewerId $5=sessionId $6=keptMs
select s.post_ids[$1::int + 1 : ($1::int + $2::int)] as ids, cardinality(s.post_ids) as size,
  substring(s.reasons from $1::int * 17 + 1 for $2::int * 17) as reasons,
  s.horizon_at as "horizonAt", s.horizon_id as "horizonId"
from feed_sessions s
where s.tenant_id = $3 and s.viewer_id = $4 and s.id = $5
  and s.opened_at > now() - $6::int * interval '1 ms';

-- graph.addMissingCounts (system, write) $1=tenantIds $2=userIds
insert into graph_counts (tenant_id, user_id)
select u.tenant_id, u.id
from unnest($1::uuid[], $2::uuid[]) as u (tenant_id, id)
where exists (select 1 from follows f where f.tenant_id = u.tenant_id and f.follower_id = u.id)
  or exists (select 1 from follows f where f.tenant_id = u.tenant_id and f.followee_id = u.id)
  or exists (select 1 from follow_requests r where r.tenant_id = u.tenant_id and r.follower_id = u.id)
  or exists (select 1 from follow_requests r where r.tenant_id = u.tenant_id and r.followee_id = u.id)
order by u.tenant_id, u.id
on conflict do nothing;

-- graph.addToCounts (app, write) $1=tenant $2=userIds $3=followers $4=following $5=received $6=sent
with locked as (
  select l.user_id from graph_counts l
  where l.tenant_id = $1 and l.user_id = any($2::uuid[])
  order by l.user_id
  for no key update
)
update graph_counts c
set followers = c.followers + d.followers, following = c.following + d.following,
  requests_received = c.requests_received + d.received, requests_sent = c.requests_sent + d.sent
from locked
join unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
  as d (user_id, followers, following, received, sent) on d.user_id = locked.user_id
where c.tenant_id = $1 and c.user_id = locked.user_id;

-- graph.blocked (app, read) $1=tenant $2=viewerId $3=beforeAt $4=beforeId $5=limit
select b.blocked_id as "userId", b.created_at as at
from blocks b
join users u on u.tenant_id = $1 and u.id = b.blocked_id and u.deleted_at is null
where b.tenant_id = $1 and b.blocker_id = $2
  and (b.created_at, b.blocked_id) < ($3::timestamptz, $4::uuid)
order by b.created_at desc, b.blocked_id desc
limit $5::int;

-- graph.countDrift (system, read) $1=sample
with sampled as (
  select c.tenant_id, c.user_id, c.followers, c.following, c.requests_received, c.requests_sent
  from graph_counts c tablesample system (
    (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * $1::int / k.reltuples) end
     from pg_class k where k.oid = 'graph_counts'::regclass))
  limit $1::int
)
select count(*) as sampled, count(*) filter (
  where s.followers <> (
    select count(*) from follows f where f.tenant_id = s.tenant_id and f.followee_id = s.user_id)
  or s.following <> (
    select count(*) from follows f where f.tenant_id = s.tenant_id and f.follower_id = s.user_id)
  or s.requests_received <> (
    select count(*) from follow_requests r where r.tenant_id = s.tenant_id and r.followee_id = s.user_id)
  or s.requests_sent <> (
    select count(*) from follow_requests r where r.tenant_id = s.tenant_id and r.follower_id = s.user_id)
) as drifting
from sampled s;

-- graph.counts (app, read) $1=tenant $2=userIds
select c.user_id as "userId", c.followers, c.following
from graph_counts c
where c.tenant_id = $1 and c.user_id = any($2::uuid[]);

-- graph.deleteBlock (app, write) $1=tenant $2=blockerId $3=blockedId
delete from blocks
where tenant_id = $1 and blocker_id = $2 and blocked_id = $3;

-- graph.deleteFollow (app, write) $1=tenant $2=followerId $3=followeeId
delete from follows
where tenant_id = $1 and follower_id = $2 and followee_id = $3;

-- graph.deleteList (app, write) $1=tenant $2=listId $3=ownerId
delete from user_lists where tenant_id = $1 and id = $2 and owner_id = $3;

-- graph.deleteListMember (app, write) $1=tenant $2=listId $3=memberId
with removed as (
  delete from user_list_members
  where tenant_id = $1 and list_id = $2::uuid and member_id = $3::uuid
  returning list_id
)
update user_lists l set member_count = l.member_count - 1
where l.tenant_id = $1 and l.id = (select list_id from removed)
returning l.member_count as "memberCount";

-- graph.deleteMute (app, write) $1=tenant $2=muterId $3=mutedId
delete from mutes where tenant_id = $1 and muter_id = $2 and muted_id = $3;

-- graph.deleteRequest (app, write) $1=tenant $2=followerId $3=followeeId
delete from follow_requests
where tenant_id = $1 and follower_id = $2 and followee_id = $3;

-- graph.eraseBlocks (app, write) $1=tenant $2=userId $3=limit
with gone as (
  (select blocker_id, blocked_id from blocks where tenant_id = $1 and blocker_id = $2 limit $3::int)
  union all
  (select blocker_id, blocked_id from blocks where tenant_id = $1 and blocked_id = $2 limit $3::int)
  limit $3::int
)
delete from blocks b
using gone
where b.tenant_id = $1 and b.blocker_id = gone.blocker_id and b.blocked_id = gone.blocked_id
returning b.blocker_id as "blockerId", b.blocked_id as "blockedId";

-- graph.eraseCounts (app, write) $1=tenant $2=userId
delete from graph_counts
where tenant_id = $1 and user_id = $2 and followers = 0 and following = 0
  and requests_received = 0 and requests_sent = 0;

-- graph.eraseFollows (app, write) $1=followerIds $2=followeeIds $3=tenant
delete from follows f
using unnest($1::uuid[], $2::uuid[]) as g (follower_id, followee_id)
where f.tenant_id = $3 and f.follower_id = g.follower_id and f.followee_id = g.followee_id
returning f.follower_id as "followerId", f.followee_id as "followeeId";

-- graph.eraseListMembers (app, write) $1=tenant $2=userId $3=limit
with given as (
  select m.ctid, m.list_id from user_list_members m
  where m.tenant_id = $1 and m.member_id = $2
  order by m.owner_id, m.list_id
  limit $3::int
),
locked as (
  select l.id from user_lists l
  where l.tenant_id = $1 and l.id = any (array(select given.list_id from given))
  order by l.id
  for update
),
gone as (
  delete from user_list_members m
  where m.tenant_id = $1 and m.ctid = any (array(
    select given.ctid from given where given.list_id = any (array(select locked.id from locked))
  ))
  returning m.list_id
),
counted as (
  update user_lists l set member_count = l.member_count - 1
  from gone
  where l.tenant_id = $1 and l.id = gone.list_id
)
select count(*) as erased from gone;

-- graph.eraseLists (app, write) $1=tenant $2=userId $3=limit
with gone as (
  delete from user_lists l
  where l.tenant_id = $1 and l.id = any (array(
    select o.id from user_lists o
    where o.tenant_id = $1 and o.owner_id = $2
    order by o.created_at desc, o.id desc
    limit $3::int
  ))
  returning 1
)
select count(*) as erased from gone;

-- graph.eraseMutes (app, write) $1=tenant $2=userId $3=limit
with given as (
  (select ctid from mutes where tenant_id = $1 and muter_id = $2 limit $3::int)
  union all
  (select ctid from mutes where tenant_id = $1 and muted_id = $2 limit $3::int)
  limit $3::int
),
gone as (
  delete from mutes m where m.tenant_id = $1 and m.ctid = any (array(select given.ctid from given))
  returning 1
)
select count(*) as erased from gone;

-- graph.eraseRelationChanges (app, write) $1=tenant $2=userId $3=limit
with given as (
  (select ctid from relation_changes where tenant_id = $1 and user_id = $2 limit $3::int)
  union all
  (select ctid from relation_changes where tenant_id = $1 and changed_by = $2 limit $3::int)
  limit $3::int
),
gone as (
  delete from relation_changes c
  where c.tenant_id = $1 and c.ctid = any (array(select given.ctid from given))
  returning 1
)
select count(*) as erased from gone;

-- graph.eraseRequests (app, write) $1=followerIds $2=followeeIds $3=tenant
delete from follow_requests f
using unnest($1::uuid[], $2::uuid[]) as g (follower_id, followee_id)
where f.tenant_id = $3 and f.follower_id = g.follower_id and f.followee_id = g.followee_id
returning f.follower_id as "followerId", f.followee_id as "followeeId";

-- graph.exportBlocks (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select blocked_id as "userId", created_at as at
from blocks
where tenant_id = $1 and blocker_id = $2 and (created_at, blocked_id) < ($3, $4)
order by created_at desc, blocked_id desc
limit $5::int;

-- graph.exportFollowers (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select follower_id as "userId", created_at as at
from follows
where tenant_id = $1 and followee_id = $2 and (created_at, follower_id) < ($3, $4)
order by created_at desc, follower_id desc
limit $5::int;

-- graph.exportFollowing (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select followee_id as "userId", created_at as at
from follows
where tenant_id = $1 and follower_id = $2 and (created_at, followee_id) < ($3, $4)
order by created_at desc, followee_id desc
limit $5::int;

-- graph.exportListMembers (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select found.place, found.list_id as "listId", found.member_id as "userId", found.created_at as "createdAt"
from (
  select md5(m.list_id::text || m.member_id::text)::uuid as place, m.list_id, m.member_id, m.created_at
  from user_lists l
  join user_list_members m on m.tenant_id = $1 and m.list_id = l.id
  where l.tenant_id = $1 and l.owner_id = $2 and m.created_at <= $3::timestamptz
) found
where (found.created_at, found.place) < ($3::timestamptz, $4::uuid)
order by found.created_at desc, found.place desc
limit $5::int;

-- graph.exportLists (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select id, name, kind, is_private as "isPrivate", member_count as "memberCount", created_at as "createdAt",
  updated_at as "updatedAt"
from user_lists
where tenant_id = $1 and owner_id = $2 and (created_at, id) < ($3, $4)
order by created_at desc, id desc
limit $5::int;

-- graph.exportMutes (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select muted_id as "userId", created_at as at
from mutes
where tenant_id = $1 and muter_id = $2 and (created_at, muted_id) < ($3, $4)
order by created_at desc, muted_id desc
limit $5::int;

-- graph.exportRequests (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select followee_id as "userId", created_at as at
from follow_requests
where tenant_id = $1 and follower_id = $2 and (created_at, followee_id) < ($3, $4)
order by created_at desc, followee_id desc
limit $5::int;

-- graph.followStandings (app, read) $1=tenant $2=viewerId $3=userIds
select u.id as "userId",
  (
    select known.is_private from users known
    where known.tenant_id = $1 and known.id = u.id and known.deleted_at is null
  ) as "isPrivate",
  (
    select true from follows f where f.tenant_id = $1 and f.follower_id = $2 and f.followee_id = u.id
  ) is not null as "following",
  (
    select true from follows f where f.tenant_id = $1 and f.follower_id = u.id and f.followee_id = $2
  ) is not null as "followedBy",
  (
    select true from follow_requests r
    where r.tenant_id = $1 and r.follower_id = $2 and r.followee_id = u.id
  ) is not null as "requested",
  (
    select true from follow_requests r
    where r.tenant_id = $1 and r.follower_id = u.id and r.followee_id = $2
  ) is not null as "requestedBy",
  (
    select true from user_list_members m
    where m.tenant_id = $1 and m.member_id = $2::uuid and m.list_id = (
      select l.id from user_lists l
      where l.tenant_id = $1 and l.owner_id = u.id and l.kind = 'close_friends')
  ) is not null as "closeFriend"
from unnest($3::uuid[]) as u (id);

-- graph.followers (app, read) $1=tenant $2=userId $3=beforeAt $4=beforeId $5=viewerId $6=limit
select f.follower_id as "userId", f.created_at as at
from follows f
join users u on u.tenant_id = $1 and u.id = f.follower_id and u.deleted_at is null
where f.tenant_id = $1 and f.followee_id = $2
  and (f.created_at, f.follower_id) < ($3::timestamptz, $4::uuid)
  and not coalesce(
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = $5 and b.blocked_id = f.follower_id),
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = f.follower_id and b.blocked_id = $5),
    false)
order by f.created_at desc, f.follower_id desc
limit $6::int;

-- graph.followersOfMany (app, read) $1=userIds $2=tenant $3=viewerId $4=limit
select owner.id as "ownerId", page.user_id as "userId", page.created_at as at
from unnest($1::uuid[]) as owner (id)
cross join lateral (
  select f.follower_id as user_id, f.created_at
  from follows f
  join users u on u.tenant_id = $2 and u.id = f.follower_id and u.deleted_at is null
  where f.tenant_id = $2 and f.followee_id = owner.id
    and not coalesce(
    (select true from blocks b where b.tenant_id = $2 and b.blocker_id = $3 and b.blocked_id = f.follower_id),
    (select true from blocks b where b.tenant_id = $2 and b.blocker_id = f.follower_id and b.blocked_id = $3),
    false)
  order by f.created_at desc, f.follower_id desc
  limit $4::int
) page
order by owner.id, page.created_at desc, page.user_id desc;

-- graph.following (app, read) $1=tenant $2=userId $3=beforeAt $4=beforeId $5=viewerId $6=limit
select f.followee_id as "userId", f.created_at as at
from follows f
join users u on u.tenant_id = $1 and u.id = f.followee_id and u.deleted_at is null
where f.tenant_id = $1 and f.follower_id = $2
  and (f.created_at, f.followee_id) < ($3::timestamptz, $4::uuid)
  and not coalesce(
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = $5 and b.blocked_id = f.followee_id),
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = f.followee_id and b.blocked_id = $5),
    false)
order by f.created_at desc, f.followee_id desc
limit $6::int;

-- graph.followingOfMany (app, read) $1=userIds $2=tenant $3=viewerId $4=limit
select owner.id as "ownerId", page.user_id as "userId", page.created_at as at
from unnest($1::uuid[]) as owner (id)
cross join lateral (
  select f.followee_id as user_id, f.created_at
  from follows f
  join users u on u.tenant_id = $2 and u.id = f.followee_id and u.deleted_at is null
  where f.tenant_id = $2 and f.follower_id = owner.id
    and not coalesce(
    (select true from blocks b where b.tenant_id = $2 and b.blocker_id = $3 and b.blocked_id = f.followee_id),
    (select true from blocks b where b.tenant_id = $2 and b.blocker_id = f.followee_id and b.blocked_id = $3),
    false)
  order by f.created_at desc, f.followee_id desc
  limit $4::int
) page
order by owner.id, page.created_at desc, page.user_id desc;

-- graph.followsToErase (app, read) $1=tenant $2=userId $3=limit
(select follower_id as "followerId", followee_id as "followeeId"
 from follows where tenant_id = $1 and follower_id = $2 limit $3::int)
union all
(select follower_id as "followerId", followee_id as "followeeId"
 from follows where tenant_id = $1 and followee_id = $2 limit $3::int)
limit $3::int;

-- graph.hidden (app, read) $1=userIds $2=tenant $3=viewerId
select u.id as "userId"
from unnest($1::uuid[]) as u (id)
where (
    select true from blocks b where b.tenant_id = $2 and b.blocker_id = $3 and b.blocked_id = u.id
  ) is not null or (
    select true from blocks b where b.tenant_id = $2 and b.blocker_id = u.id and b.blocked_id = $3
  ) is not null;

-- graph.insertBlock (app, write) $1=tenant $2=blockerId $3=blockedId
insert into blocks (tenant_id, blocker_id, blocked_id)
values ($1, $2, $3)
on conflict do nothing;

-- graph.insertFollow (app, write) $1=tenant $2=followerId $3=followeeId
with inserted as (
  insert into follows (tenant_id, follower_id, followee_id)
  values ($1::uuid, $2::uuid, $3::uuid)
  on conflict do nothing
  returning follower_id, followee_id
),
counted as (
  insert into graph_counts as c (tenant_id, user_id, followers, following)
  select $1::uuid, side.user_id, side.followers, side.following
  from inserted
  cross join lateral (values (follower_id, 0, 1), (followee_id, 1, 0)) as side (user_id, followers, following)
  order by side.user_id
  on conflict (tenant_id, user_id) do update
    set followers = c.followers + excluded.followers, following = c.following + excluded.following
  returning c.user_id, c.following + c.requests_sent as total
)
select counted.total as "followingOrAsking" from counted where counted.user_id = $2::uuid;

-- graph.insertFollowers (app, write) $1=tenant $2=followeeId $3=followerIds
insert into follows (tenant_id, follower_id, followee_id)
select $1::uuid, f.id, $2::uuid from unnest($3::uuid[]) as f (id)
order by f.id
on conflict do nothing
returning follower_id as "followerId";

-- graph.insertList (app, write) $1=tenant $2=id $3=ownerId $4=name $5=kind $6=isPrivate $7=limit
insert into user_lists as l (tenant_id, id, owner_id, name, kind, is_private)
select $1::uuid, $2, $3, $4, $5, $6
where (select count(*) from user_lists o where o.tenant_id = $1 and o.owner_id = $3) < $7::bigint
returning 
  l.id, l.owner_id as "ownerId", l.name, l.kind, l.is_private as "isPrivate", l.member_count as "memberCount",
  l.created_at as "createdAt", l.updated_at as "updatedAt";

-- graph.insertListMember (app, write) $1=tenant $2=listId $3=memberId $4=ownerId
with inserted as (
  insert into user_list_members (tenant_id, list_id, member_id, owner_id)
  values ($1::uuid, $2::uuid, $3::uuid, $4::uuid)
  on conflict do nothing
  returning list_id
)
update user_lists l set member_count = l.member_count + 1
where l.tenant_id = $1 and l.id = (select list_id from inserted)
returning l.member_count as "memberCount";

-- graph.insertManyFollows (app, write) $1=tenant $2=followerIds $3=followeeIds $4=createdAts
with given as (
  select r.place, r.follower_id, r.followee_id, r.created_at,
    case
      when r.follower_id = r.followee_id then 'self'
      when (select true from users u where u.tenant_id = $1 and u.id = r.follower_id) is null
        or (select true from users u where u.tenant_id = $1 and u.id = r.followee_id) is null
        then 'no_such_user'
      when coalesce(
        (select true from blocks b
          where b.tenant_id = $1 and b.blocker_id = r.follower_id and b.blocked_id = r.followee_id),
        (select true from blocks b
          where b.tenant_id = $1 and b.blocker_id = r.followee_id and b.blocked_id = r.follower_id))
        then 'blocked'
      when row_number() over (partition by r.follower_id, r.followee_id order by r.place) > 1 then 'known'
    end as reason
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) with ordinality
    as r (follower_id, followee_id, created_at, place)
),
inserted as (
  insert into follows (tenant_id, follower_id, followee_id, created_at)
  select $1::uuid, g.follower_id, g.followee_id, g.created_at
  from given g
  where g.reason is null
  order by g.follower_id, g.followee_id
  on conflict do nothing
  returning follower_id, followee_id
),
delta as (
  select side.user_id, sum(side.followers)::bigint as followers, sum(side.following)::bigint as following
  from inserted
  cross join lateral (values (follower_id, 0, 1), (followee_id, 1, 0)) as side (user_id, followers, following)
  group by side.user_id
),
counted as (
  insert into graph_counts as c (tenant_id, user_id, followers, following)
  select $1::uuid, delta.user_id, delta.followers, delta.following
  from delta
  order by delta.user_id
  on conflict (tenant_id, user_id) do update
    set followers = c.followers + excluded.followers, following = c.following + excluded.following
)
select g.place - 1 as index, coalesce(g.reason, 'known') as reason
from given g
left join inserted i on i.follower_id = g.follower_id and i.followee_id = g.followee_id
where g.reason is not null or i.follower_id is null
order by g.place;

-- graph.insertMute (app, write) $1=tenant $2=muterId $3=mutedId $4=seconds
insert into mutes as m (tenant_id, muter_id, muted_id, expires_at)
values ($1, $2, $3, now() + $4::int * interval '1 second')
on conflict (tenant_id, muter_id, muted_id) do update
  set expires_at = excluded.expires_at,
    created_at = case when m.expires_at <= now() then excluded.created_at else m.created_at end
returning m.expires_at as "mutedUntil";

-- graph.insertRequest (app, write) $1=tenant $2=followerId $3=followeeId
with inserted as (
  insert into follow_requests (tenant_id, follower_id, followee_id)
  values ($1::uuid, $2::uuid, $3::uuid)
  on conflict do nothing
  returning follower_id, followee_id
),
counted as (
  insert into graph_counts as c (tenant_id, user_id, requests_received, requests_sent)
  select $1::uuid, side.user_id, side.received, side.sent
  from inserted
  cross join lateral (values (follower_id, 0, 1), (followee_id, 1, 0)) as side (user_id, received, sent)
  order by side.user_id
  on conflict (tenant_id, user_id) do update
    set requests_received = c.requests_received + excluded.requests_received,
      requests_sent = c.requests_sent + excluded.requests_sent
  returning c.user_id, c.following + c.requests_sent as total
)
select counted.total as "followingOrAsking" from counted where counted.user_id = $2::uuid;

-- graph.listDrift (system, read) $1=sample
with sampled as (
  select l.tenant_id, l.id, l.member_count
  from user_lists l tablesample system (
    (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * $1::int / k.reltuples) end
     from pg_class k where k.oid = 'user_lists'::regclass))
  limit $1::int
)
select count(*) as sampled, count(*) filter (
  where s.member_count <> (
    select count(*) from user_list_members m where m.tenant_id = s.tenant_id and m.list_id = s.id)
) as drifting
from sampled s;

-- graph.listMemberIds (app, read) $1=tenant $2=listId
select m.member_id as "userId" from user_list_members m
where m.tenant_id = $1 and m.list_id = $2;

-- graph.listMembers (app, read) $1=tenant $2=listId $3=beforeAt $4=beforeId $5=viewerId $6=limit
select m.member_id as "userId", m.created_at as at
from user_list_members m
join users u on u.tenant_id = $1 and u.id = m.member_id and u.deleted_at is null
where m.tenant_id = $1 and m.list_id = $2
  and (m.created_at, m.member_id) < ($3::timestamptz, $4::uuid)
  and not coalesce(
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = $5 and b.blocked_id = m.member_id),
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = m.member_id and b.blocked_id = $5),
    false)
order by m.created_at desc, m.member_id desc
limit $6::int;

-- graph.listsAfter (system, read) $1=afterTenant $2=afterList $3=limit
select l.tenant_id as "tenantId", l.id as "listId",
  l.member_count <> (
    select count(*) from user_list_members m where m.tenant_id = l.tenant_id and m.list_id = l.id
  ) as drifting
from user_lists l
where (l.tenant_id, l.id) > ($1::uuid, $2::uuid)
order by l.tenant_id, l.id
limit $3::int;

-- graph.listsOfOwner (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=viewerId $6=limit
select 
  l.id, l.owner_id as "ownerId", l.name, l.kind, l.is_private as "isPrivate", l.member_count as "memberCount",
  l.created_at as "createdAt", l.updated_at as "updatedAt"
from user_lists l
where l.tenant_id = $1 and l.owner_id = $2
  and (l.created_at, l.id) < ($3::timestamptz, $4::uuid)
  and ($2::uuid = $5::uuid or not l.is_private)
order by l.created_at desc, l.id desc
limit $6::int;

-- graph.lockBlocksOut (app, write) $1=tenant
select true as locked
from pg_advisory_xact_lock(hashtextextended('graph.import/' || $1::uuid, 0));

-- graph.lockCounts (system, write) $1=tenantIds $2=userIds
select c.user_id as "userId"
from graph_counts c
join unnest($1::uuid[], $2::uuid[]) as u (tenant_id, id) on u.tenant_id = c.tenant_id and u.id = c.user_id
order by c.tenant_id, c.user_id
for no key update of c;

-- graph.lockDriftingLists (system, write) $1=tenantIds $2=listIds
select l.id as "listId"
from user_lists l
join unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id) on r.tenant_id = l.tenant_id and r.id = l.id
order by l.tenant_id, l.id
for update of l;

-- graph.lockImportsOut (app, write) $1=tenant
select true as locked
from pg_advisory_xact_lock_shared(hashtextextended('graph.import/' || $1::uuid, 0));

-- graph.lockList (app, write) $1=tenant $2=listId $3=ownerId
select 
  l.id, l.owner_id as "ownerId", l.name, l.kind, l.is_private as "isPrivate", l.member_count as "memberCount",
  l.created_at as "createdAt", l.updated_at as "updatedAt" from user_lists l
where l.tenant_id = $1 and l.id = $2 and l.owner_id = $3
for update;

-- graph.lockLists (app, write) $1=tenant $2=ownerId
select true as locked
from pg_advisory_xact_lock(hashtextextended('graph.lists/' || $1::uuid || '/' || $2::uuid, 0));

-- graph.lockPair (app, write) $1=tenant $2=userA $3=userB
select true as locked
from pg_advisory_xact_lock(hashtextextended(
  'graph.pair/' || $1::uuid || '/' || least($2::uuid, $3::uuid) || '/' || greatest($2::uuid, $3::uuid),
  0));

-- graph.lockPairsToErase (app, write) $1=tenant $2=userId $3=otherIds
select count(lock) as locked
from (
  select pg_advisory_xact_lock(hashtextextended(
    'graph.pair/' || $1::uuid || '/' || least($2::uuid, o.id) || '/' || greatest($2::uuid, o.id), 0)) as lock
  from (select distinct id from unnest($3::uuid[]) as given (id) order by id) o
) locks;

-- graph.lockPrivacy (app, write) $1=tenant $2=userId
select u.is_private as "isPrivate" from users u
where u.tenant_id = $1 and u.id = $2 and u.deleted_at is null
for share;

-- graph.muted (app, read) $1=userIds $2=tenant $3=viewerId
select u.id as "userId"
from unnest($1::uuid[]) as u (id)
where (
    select true from mutes m
    where m.tenant_id = $2 and m.muter_id = $3 and m.muted_id = u.id
      and (m.expires_at is null or m.expires_at > now())
  ) is not null;

-- graph.mutedUsers (app, read) $1=tenant $2=viewerId $3=beforeAt $4=beforeId $5=limit
select m.muted_id as "userId", m.created_at as at
from mutes m
join users u on u.tenant_id = $1 and u.id = m.muted_id and u.deleted_at is null
where m.tenant_id = $1 and m.muter_id = $2
  and (m.expires_at is null or m.expires_at > now())
  and (m.created_at, m.muted_id) < ($3::timestamptz, $4::uuid)
  and not coalesce(
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = $2 and b.blocked_id = m.muted_id),
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = m.muted_id and b.blocked_id = $2),
    false)
order by m.created_at desc, m.muted_id desc
limit $5::int;

-- graph.mutuals (app, read) $1=userIds $2=tenant $3=viewerId $4=beforeAt $5=beforeId $6=limit
select owner.id as "ownerId", found.count, found."userIds", found.ats
from unnest($1::uuid[]) as owner (id)
cross join lateral (
  select coalesce((select c.followers from graph_counts c where c.tenant_id = $2 and c.user_id = owner.id), 0)
    <= coalesce((select c.following from graph_counts c where c.tenant_id = $2 and c.user_id = $3), 0)
    as few
) followers
cross join lateral (
  select count(*) as count,
    coalesce((array_agg(m.user_id order by m.at desc, m.user_id desc)
      filter (where (m.at, m.user_id) < ($4::timestamptz, $5::uuid)))[1:($6::int)], '{}') as "userIds",
    coalesce((array_agg(m.at order by m.at desc, m.user_id desc)
      filter (where (m.at, m.user_id) < ($4::timestamptz, $5::uuid)))[1:($6::int)], '{}') as ats
  from (
    select f.follower_id as user_id, f.created_at as at
    from follows f
    where followers.few and f.tenant_id = $2 and f.followee_id = owner.id
      and (
        select true from follows mine
        where mine.tenant_id = $2 and mine.follower_id = $3 and mine.followee_id = f.follower_id
      ) is not null
    union all
    select mine.followee_id, theirs.created_at
    from follows mine
    cross join lateral (
      select f.created_at from follows f
      where f.tenant_id = $2 and f.follower_id = mine.followee_id and f.followee_id = owner.id
      limit 1
    ) theirs
    where not followers.few and mine.tenant_id = $2 and mine.follower_id = $3
  ) m
  where (
      select true from users u where u.tenant_id = $2 and u.id = m.user_id and u.deleted_at is null
    ) is not null
) found;

-- graph.ownRelationVersion (app, read) $1=tenant $2=viewerId
select c.xid::text as version from relation_changes c
where c.tenant_id = $1 and c.user_id = $2 and c.changed_by = $2;

-- graph.purgeMutes (system, write) $1=limit
delete from mutes
where ctid = any (array(
  select ctid from mutes where expires_at < now() limit $1::int
));

-- graph.purgeRelationChanges (system, write) $1=limit
delete from relation_changes
where ctid = any (array(
  select ctid from relation_changes where changed_at < now() - interval '2 hours' limit $1::int
));

-- graph.recount (system, write) $1=tenantIds $2=userIds
update graph_counts c
set followers = actual.followers, following = actual.following,
  requests_received = actual.received, requests_sent = actual.sent
from unnest($1::uuid[], $2::uuid[]) as u (tenant_id, id)
cross join lateral (
  select
    (select count(*) from follows f where f.tenant_id = u.tenant_id and f.followee_id = u.id) as followers,
    (select count(*) from follows f where f.tenant_id = u.tenant_id and f.follower_id = u.id) as following,
    (select count(*) from follow_requests r where r.tenant_id = u.tenant_id and r.followee_id = u.id) as received,
    (select count(*) from follow_requests r where r.tenant_id = u.tenant_id and r.follower_id = u.id) as sent
) actual
where c.tenant_id = u.tenant_id and c.user_id = u.id
  and (c.followers, c.following, c.requests_received, c.requests_sent)
    <> (actual.followers, actual.following, actual.received, actual.sent);

-- graph.recountLists (system, write) $1=tenantIds $2=listIds
update user_lists l
set member_count = actual.members
from unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id)
cross join lateral (
  select count(*) as members from user_list_members m where m.tenant_id = r.tenant_id and m.list_id = r.id
) actual
where l.tenant_id = r.tenant_id and l.id = r.id and l.member_count <> actual.members;

-- graph.relationChangesSince (system, read) $1=since
select pg_current_snapshot()::text as snapshot, now() as "readAt", changed."tenantIds", changed."userIds"
from (
  select coalesce(array_agg(c.tenant_id), '{}') as "tenantIds", coalesce(array_agg(c.user_id), '{}') as "userIds"
  from relation_changes c
  where c.xid >= pg_snapshot_xmin(($1::text)::pg_snapshot)
    and not pg_visible_in_snapshot(c.xid, ($1::text)::pg_snapshot)
) changed;

-- graph.relationSet (app, read) $1=tenant $2=viewerId $3=limit
select
  array(
    select b.blocked_id from blocks b where b.tenant_id = $1 and b.blocker_id = $2 limit $3::int
  ) as blocking,
  array(
    select b.blocker_id from blocks b where b.tenant_id = $1 and b.blocked_id = $2 limit $3::int
  ) as "blockedBy",
  array(
    select m.muted_id from mutes m
    where m.tenant_id = $1 and m.muter_id = $2 and m.expires_at is null
    limit $3::int
  ) as muting,
  timed.ids as "mutingForATime", timed.ends as "mutedUntil"
from (
  select coalesce(array_agg(m.muted_id), '{}') as ids, coalesce(array_agg(m.expires_at), '{}') as ends
  from (
    select x.muted_id, x.expires_at from mutes x
    where x.tenant_id = $1 and x.muter_id = $2 and x.expires_at > now()
    limit $3::int
  ) m
) timed;

-- graph.requestCount (app, read) $1=tenant $2=userId
select c.requests_received as received from graph_counts c
where c.tenant_id = $1 and c.user_id = $2;

-- graph.requestsReceived (app, read) $1=tenant $2=viewerId $3=beforeAt $4=beforeId $5=limit
select r.follower_id as "userId", r.created_at as at
from follow_requests r
join users u on u.tenant_id = $1 and u.id = r.follower_id and u.deleted_at is null
where r.tenant_id = $1 and r.followee_id = $2
  and (r.created_at, r.follower_id) < ($3::timestamptz, $4::uuid)
  and not coalesce(
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = $2 and b.blocked_id = r.follower_id),
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = r.follower_id and b.blocked_id = $2),
    false)
order by r.created_at desc, r.follower_id desc
limit $5::int;

-- graph.requestsSent (app, read) $1=tenant $2=viewerId $3=beforeAt $4=beforeId $5=limit
select r.followee_id as "userId", r.created_at as at
from follow_requests r
join users u on u.tenant_id = $1 and u.id = r.followee_id and u.deleted_at is null
where r.tenant_id = $1 and r.follower_id = $2
  and (r.created_at, r.followee_id) < ($3::timestamptz, $4::uuid)
  and not coalesce(
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = $2 and b.blocked_id = r.followee_id),
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = r.followee_id and b.blocked_id = $2),
    false)
order by r.created_at desc, r.followee_id desc
limit $5::int;

-- graph.requestsToErase (app, read) $1=tenant $2=userId $3=limit
(select follower_id as "followerId", followee_id as "followeeId"
 from follow_requests where tenant_id = $1 and follower_id = $2 limit $3::int)
union all
(select follower_id as "followerId", followee_id as "followeeId"
 from follow_requests where tenant_id = $1 and followee_id = $2 limit $3::int)
limit $3::int;

-- graph.separateLists (app, write) $1=tenant $2=userA $3=userB
with locked as (
  select l.id, l.owner_id from user_lists l
  where l.tenant_id = $1 and l.id = any (array(
    select m.list_id from user_list_members m
    where m.tenant_id = $1 and m.member_id = $2::uuid and m.owner_id = $3::uuid
    union all
    select m.list_id from user_list_members m
    where m.tenant_id = $1 and m.member_id = $3::uuid and m.owner_id = $2::uuid))
  order by l.id
  for update
),
removed as (
  delete from user_list_members
  where ctid = any (array(
    select found.ctid
    from locked
    cross join lateral (
      select m.ctid from user_list_members m
      where m.tenant_id = $1 and m.list_id = locked.id
        and m.member_id = case locked.owner_id when $2::uuid then $3::uuid else $2::uuid end
      limit 1
    ) found))
  returning list_id
)
update user_lists l set member_count = l.member_count - 1
where l.tenant_id = $1 and l.id = any (array(select list_id from removed));

-- graph.standings (app, read) $1=tenant $2=viewerId $3=userIds
select u.id as "userId",
  (
    select known.is_private from users known
    where known.tenant_id = $1 and known.id = u.id and known.deleted_at is null
  ) as "isPrivate",
  (
    select true from follows f
    where f.tenant_id = $1 and f.follower_id = $2::uuid and f.followee_id = u.id
  ) is not null as "following",
  (
    select true from follows f
    where f.tenant_id = $1 and f.follower_id = u.id and f.followee_id = $2::uuid
  ) is not null as "followedBy",
  (
    select true from follow_requests r
    where r.tenant_id = $1 and r.follower_id = $2::uuid and r.followee_id = u.id
  ) is not null as "requested",
  (
    select true from follow_requests r
    where r.tenant_id = $1 and r.follower_id = u.id and r.followee_id = $2::uuid
  ) is not null as "requestedBy",
  (
    select true from user_list_members m
    where m.tenant_id = $1 and m.member_id = $2::uuid and m.list_id = (
      select l.id from user_lists l
      where l.tenant_id = $1 and l.owner_id = u.id and l.kind = 'close_friends')
  ) is not null as "closeFriend",
  (
    select true from blocks b
    where b.tenant_id = $1 and b.blocker_id = $2::uuid and b.blocked_id = u.id
  ) is not null as "blocking",
  (
    select true from blocks b
    where b.tenant_id = $1 and b.blocker_id = u.id and b.blocked_id = $2::uuid
  ) is not null as "blockedBy",
  mute.found is not null as "muting",
  mute.expires_at as "mutedUntil"
from unnest($3::uuid[]) as u (id)
left join lateral (
  select true as found, m.expires_at from mutes m
  where m.tenant_id = $1 and m.muter_id = $2::uuid and m.muted_id = u.id
    and (m.expires_at is null or m.expires_at > now())
  limit 1
) mute on true;

-- graph.takeRequests (app, write) $1=tenant $2=followeeId $3=limit
delete from follow_requests
where ctid = any (array(
  select r.ctid from follow_requests r
  where r.tenant_id = $1 and r.followee_id = $2
  order by r.created_at desc, r.follower_id desc
  limit $3::int
  for update))
returning follower_id as "followerId";

-- graph.updateList (app, write) $1=name $2=isPrivate $3=tenant $4=listId $5=ownerId
update user_lists l
set name = coalesce($1, l.name), is_private = coalesce($2, l.is_private), updated_at = now()
where l.tenant_id = $3 and l.id = $4 and l.owner_id = $5
returning 
  l.id, l.owner_id as "ownerId", l.name, l.kind, l.is_private as "isPrivate", l.member_count as "memberCount",
  l.created_at as "createdAt", l.updated_at as "updatedAt";

-- graph.usersAfter (system, read) $1=afterTenant $2=afterUser $3=limit
select u.tenant_id as "tenantId", u.id as "userId"
from users u
where (u.tenant_id, u.id) > ($1::uuid, $2::uuid)
order by u.tenant_id, u.id
limit $3::int;

-- graph.usersByFollowers (app, read) $1=tenant $2=limit
select user_id as "userId"
from graph_counts
where tenant_id = $1
order by followers desc, user_id
limit $2::int;

-- graph.visibleList (app, read) $1=tenant $2=listId $3=viewerId
select 
  l.id, l.owner_id as "ownerId", l.name, l.kind, l.is_private as "isPrivate", l.member_count as "memberCount",
  l.created_at as "createdAt", l.updated_at as "updatedAt"
from user_lists l
join users u on u.tenant_id = $1 and u.id = l.owner_id and u.deleted_at is null
where l.tenant_id = $1 and l.id = $2
  and (l.owner_id = $3 or (not l.is_private and case when u.is_private
    then u.id = $3::uuid or (
      select true from follows f
      where f.tenant_id = $1 and f.follower_id = $3::uuid and f.followee_id = u.id
    ) is not null
    else true end and not coalesce(
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = $3 and b.blocked_id = l.owner_id),
    (select true from blocks b where b.tenant_id = $1 and b.blocker_id = l.owner_id and b.blocked_id = $3),
    false)));

-- idempotency.claim (app, write) $1=tenant $2=owner $3=key $4=operation $5=requestHash
insert into idempotency_keys as k (tenant_id, owner, key, operation, request_hash)
values ($1, $2, $3, $4, $5)
on conflict (tenant_id, owner, key) do update
  set operation = excluded.operation, request_hash = excluded.request_hash, answer = null,
      created_at = now(), expires_at = excluded.expires_at
  where k.expires_at < now()
returning true as claimed;

-- idempotency.eraseKeysOf (app, write) $1=tenant $2=owner $3=limit
delete from idempotency_keys
where tenant_id = $1 and owner = $2 and key = any (array(
  select k.key from idempotency_keys k where k.tenant_id = $1 and k.owner = $2 order by k.key limit $3::int
));

-- idempotency.keyByName (app, read) $1=tenant $2=owner $3=key
select request_hash as "requestHash", answer
from idempotency_keys
where tenant_id = $1 and owner = $2 and key = $3 and expires_at >= now();

-- idempotency.purgeExpired (system, write) $1=limit
delete from idempotency_keys
where ctid = any (array(select ctid from idempotency_keys where expires_at < now() limit $1::int));

-- idempotency.storeAnswer (app, write) $1=answer $2=tenant $3=owner $4=key
update idempotency_keys set answer = $1
where tenant_id = $2 and owner = $3 and key = $4;

-- identity.changeRole (app, write) $1=tenant $2=userId $3=role $4=id $5=changedByUserId $6=changedByKeyId
with before as (
  select u.role from users u where u.tenant_id = $1 and u.id = $2
),
changed as (
  update users set role = $3, updated_at = now() where tenant_id = $1 and id = $2
  returning id
)
insert into role_changes (tenant_id, id, sequence, user_id, old_role, new_role, changed_by_user_id, changed_by_key_id)
select $1::uuid, $4::uuid,
  1 + coalesce((select c.sequence from role_changes c where c.tenant_id = $1 order by c.sequence desc limit 1), 0),
  changed.id, before.role, $3, $5, $6
from before cross join changed;

-- identity.confirmEmail (app, write) $1=tenant $2=userId $3=email
with before as (
  select id, email, pending_email from users
  where tenant_id = $1 and id = $2 and deleted_at is null and $3 in (email, pending_email)
  for update
)
update users u
set email = $3, email_verified_at = now(),
  pending_email = case when b.pending_email = $3 then null else b.pending_email end
from before b
where u.tenant_id = $1 and u.id = b.id
returning b.email as "previousEmail";

-- identity.credentialsByLogin (app, read) $1=tenant $2=handle $3=email
select u.id, u.handle, u.display_name as "displayName", u.bio, u.role, u.is_private as "isPrivate",
  u.created_at as "createdAt",
  c.password_hash as "passwordHash"
from users u
left join credentials c on c.tenant_id = $1 and c.user_id = u.id
where u.tenant_id = $1 and u.deleted_at is null and (u.handle = $2 or u.email = $3);

-- identity.dueErasures (system, read) $1=limit
select tenant_id as "tenantId", user_id as "userId"
from erasures
where due_at <= now()
order by due_at
limit $1::int;

-- identity.endTokens (app, write) $1=tenant $2=userId $3=purpose
update account_tokens set expires_at = now()
where tenant_id = $1 and user_id = $2 and purpose = $3 and used_at is null and expires_at > now();

-- identity.eraseAccount (app, write) $1=tenant $2=userId
with account as (
  update users
  set deleted_at = now(), updated_at = now(), email = null, email_verified_at = null,
    pending_email = null, display_name = 'Deleted user', bio = ''
  where tenant_id = $1 and id = $2
  returning id
),
signing_in as (
  delete from credentials where tenant_id = $1 and user_id = $2
)
insert into erasures (tenant_id, user_id) select $1, id from account;

-- identity.eraseAccountTokens (app, write) $1=tenant $2=userId $3=limit
delete from account_tokens
where tenant_id = $1 and id = any (array(
  select t.id from account_tokens t where t.tenant_id = $1 and t.user_id = $2 limit $3::int
));

-- identity.eraseClaim (app, write) $1=tenant $2=userId
select erased_at is not null as erased
from erasures
where tenant_id = $1 and user_id = $2 and due_at <= now()
for update skip locked;

-- identity.eraseFinish (app, write) $1=reservedMs $2=tenant $3=userId
update erasures
set erased_at = now(), failures = 0, due_at = requested_at + $1::bigint * interval '1 millisecond'
where tenant_id = $2 and user_id = $3;

-- identity.eraseNames (app, write) $1=tenant $2=userId $3=handle
with done as (
  delete from erasures where tenant_id = $1 and user_id = $2
)
update users set handle = $3, external_id = null
where tenant_id = $1 and id = $2 and deleted_at is not null;

-- identity.erasePostpone (app, write) $1=failed $2=delayMs $3=tenant $4=userId
update erasures
set failures = case when $1 then failures + 1 else 0 end,
  -- Twice as long after each failure, up to a thousand times.
  due_at = now() + $2::bigint * interval '1 millisecond' * case when $1 then power(2, least(failures, 10)) else 1 end
where tenant_id = $3 and user_id = $4
returning failures;

-- identity.eraseSessions (app, write) $1=tenant $2=userId $3=limit
delete from sessions
where tenant_id = $1 and id = any (array(
  select s.id from sessions s where s.tenant_id = $1 and s.user_id = $2 limit $3::int
));

-- identity.exportProfile (app, read) $1=tenant $2=ownerId
select id, handle, display_name as "displayName", bio, email,
  email_verified_at as "emailVerifiedAt", pending_email as "pendingEmail", external_id as "externalId", role,
  created_at as "createdAt", updated_at as "updatedAt"
from users
where tenant_id = $1 and id = $2;

-- identity.exportRoleChanges (app, read) $1=tenant $2=ownerId $3=beforeAt $4=beforeId $5=limit
select id, old_role as "oldRole", new_role as "newRole", changed_at as "changedAt"
from role_changes
where tenant_id = $1 and user_id = $2 and (changed_at, id) < ($3, $4)
order by changed_at desc, id desc
limit $5::int;

-- identity.exportSessions (app, read) $1=tenant $2=ownerId $3=beforeId $4=limit
select id, user_agent as "userAgent", address, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt", revoked_at as "revokedAt"
from sessions
where tenant_id = $1 and user_id = $2 and id < $3
order by id desc
limit $4::int;

-- identity.goodToken (app, read) $1=tenant $2=tokenHash $3=purpose
select id from account_tokens
where tenant_id = $1 and token_hash = $2 and purpose = $3 and used_at is null
  and expires_at > now();

-- identity.insertCredentials (app, write) $1=tenant $2=userId $3=passwordHash
insert into credentials (tenant_id, user_id, password_hash) values ($1, $2, $3);

-- identity.insertExternalUsers (app, write) $1=tenant $2=ids $3=externalIds $4=handles $5=displayNames $6=bios
insert into users (tenant_id, id, external_id, handle, display_name, bio)
select $1, g.id, g.external_id, g.handle, g.display_name, g.bio
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
  as g (id, external_id, handle, display_name, bio)
on conflict do nothing
returning id;

-- identity.insertPrincipalChange (app, write) $1=tenant $2=id $3=subjectId
insert into principal_changes (tenant_id, id, subject_id) values ($1, $2, $3);

-- identity.insertSession (app, write) $1=tenant $2=id $3=userId $4=tokenHash $5=userAgent $6=address $7=ttlMs
insert into sessions (tenant_id, id, user_id, token_hash, user_agent, address, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + $7::bigint * interval '1 millisecond')
returning expires_at as "expiresAt";

-- identity.insertTokenKey (app, write) $1=tenant $2=id $3=algorithm $4=sealedSecret $5=publicKey $6=limit
insert into token_keys (tenant_id, id, algorithm, sealed_secret, public_key)
select $1, $2, $3, $4, $5
where (select count(*) from token_keys where tenant_id = $1 and revoked_at is null) < $6
returning id, algorithm, created_at as "createdAt", revoked_at as "revokedAt";

-- identity.insertUser (app, write) $1=tenant $2=id $3=handle $4=displayName $5=email
insert into users (tenant_id, id, handle, display_name, email)
values ($1, $2, $3, $4, $5)
returning id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt";

-- identity.insertUsers (app, write) $1=ids $2=handles $3=displayNames $4=bios $5=emails $6=passwordHashes $7=createdAts $8=tenant
with given as (
  select *
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
    $6::text[], $7::timestamptz[])
    as g (id, handle, display_name, bio, email, password_hash, created_at)
),
inserted as (
  insert into users (tenant_id, id, handle, display_name, bio, email, created_at, updated_at)
  select $8, id, handle, display_name, bio, email, created_at, created_at from given
  on conflict do nothing
  returning id
),
signing_in as (
  insert into credentials (tenant_id, user_id, password_hash)
  select $8, g.id, g.password_hash
  from given g
  join inserted i on i.id = g.id
  where g.password_hash is not null
)
select id from inserted;

-- identity.lockExternalIds (app, write) $1=tenant
select true as locked
from pg_advisory_xact_lock(hashtextextended('identity.externalIds/' || $1::uuid, 0));

-- identity.lockRoles (app, write) $1=tenant
select true as locked
from pg_advisory_xact_lock(hashtextextended('identity.roles/' || $1::uuid, 0));

-- identity.lockUsersAfter (system, write) $1=afterTenant $2=afterUser $3=limit
select u.tenant_id as "tenantId", u.id as "userId"
from users u
where (u.tenant_id, u.id) > ($1::uuid, $2::uuid)
order by u.tenant_id, u.id
limit $3::int
for no key update of u;

-- identity.mailAddressee (app, read) $1=tenant $2=userId
select email, email_verified_at is not null as "emailVerified", pending_email as "pendingEmail" from users
where tenant_id = $1 and id = $2 and deleted_at is null;

-- identity.mailIssueToken (app, write) $1=most $2=tenant $3=userId $4=purpose $5=id $6=email $7=tokenHash $8=ttlMs
with allowed as (
  select count(*) < $1::bigint as yes from account_tokens
  where tenant_id = $2 and user_id = $3 and purpose = $4 and created_at > now() - interval '1 hour'
),
ended as (
  update account_tokens t set expires_at = now()
  from allowed a
  where a.yes and t.tenant_id = $2 and t.user_id = $3 and t.purpose = $4 and t.used_at is null
    and t.expires_at > now()
)
insert into account_tokens (tenant_id, id, user_id, purpose, email, token_hash, expires_at)
select $2, $5, $3, $4, $6, $7, now() + $8::bigint * interval '1 millisecond'
from allowed where yes
returning id;

-- identity.mailReplacedEmail (app, read) $1=tenant $2=tokenId
select replaced_email as "replacedEmail" from account_tokens where tenant_id = $1 and id = $2;

-- identity.meById (app, read) $1=tenant $2=userId
select id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt", email, email_verified_at is not null as "emailVerified", pending_email as "pendingEmail" from users where tenant_id = $1 and id = $2 and deleted_at is null;

-- identity.noteRebuiltRoles (system, write) $1=ids $2=tenantIds $3=userIds
insert into principal_changes (tenant_id, id, subject_id)
select g.tenant_id, g.id, g.user_id
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as g (id, tenant_id, user_id);

-- identity.noteReplacedEmail (app, write) $1=email $2=tenant $3=tokenId
update account_tokens set replaced_email = $1 where tenant_id = $2 and id = $3;

-- identity.noteSessionsUsed (system, write) $1=tenantIds $2=ids $3=coarseMs
update sessions s set last_used_at = now()
from (
  select u.tenant_id, u.id
  from unnest($1::uuid[], $2::uuid[]) as given (tenant_id, id)
  join sessions u on u.tenant_id = given.tenant_id and u.id = given.id
  where coalesce(u.last_used_at, u.created_at) < now() - $3::bigint * interval '1 millisecond'
  for update of u skip locked
) used
where s.tenant_id = used.tenant_id and s.id = used.id;

-- identity.passwordHashOfUser (app, read) $1=tenant $2=userId
select password_hash as "passwordHash" from credentials where tenant_id = $1 and user_id = $2;

-- identity.passwordUserByEmail (app, read) $1=tenant $2=email
select u.id from users u
join credentials c on c.tenant_id = $1 and c.user_id = u.id
where u.tenant_id = $1 and u.email = $2 and u.deleted_at is null;

-- identity.purgeAccountTokens (system, write) $1=limit
delete from account_tokens
where ctid = any (array(
  select ctid from account_tokens where expires_at < now() - interval '1 day' limit $1::int
));

-- identity.purgeEndedSessions (system, write) $1=limit
delete from sessions
where ctid = any (array(
  select ctid from sessions where expires_at < now() - interval '1 day' limit $1::int
));

-- identity.purgePrincipalChanges (system, write) $1=limit
delete from principal_changes
where ctid = any (array(
  select ctid from principal_changes where noted_at < now() - interval '2 hours' limit $1::int
));

-- identity.purgeRevocations (system, write) $1=limit
delete from session_revocations
where ctid = any (array(
  select ctid from session_revocations where revoked_at < now() - interval '2 hours' limit $1::int
));

-- identity.rebuildRoles (system, write) $1=tenantIds $2=userIds
update users u set role = recorded.role, updated_at = now()
from unnest($1::uuid[], $2::uuid[]) as given (tenant_id, id)
cross join lateral (
  select coalesce(
    (select c.new_role from role_changes c
     where c.tenant_id = given.tenant_id and c.user_id = given.id
     order by c.sequence desc limit 1),
    'member') as role
) recorded
where u.tenant_id = given.tenant_id and u.id = given.id and u.role <> recorded.role
returning u.tenant_id as "tenantId", u.id as "userId";

-- identity.replacePasswordHash (app, write) $1=newHash $2=tenant $3=userId $4=oldHash
update credentials set password_hash = $1, updated_at = now()
where tenant_id = $2 and user_id = $3 and password_hash = $4;

-- identity.resetPassword (app, write) $1=tenant $2=userId $3=email $4=passwordHash
with owner as (
  update users set email_verified_at = coalesce(email_verified_at, now())
  where tenant_id = $1 and id = $2 and email = $3 and deleted_at is null
  returning id
)
update credentials c set password_hash = $4, updated_at = now()
from owner o
where c.tenant_id = $1 and c.user_id = o.id
returning c.user_id as "userId";

-- identity.revocationsSince (system, read) $1=since
select pg_current_snapshot()::text as snapshot, now() as "readAt", array(
  select r.token_hash
  from session_revocations r
  where r.xid >= pg_snapshot_xmin(($1::text)::pg_snapshot)
    and not pg_visible_in_snapshot(r.xid, ($1::text)::pg_snapshot)
) as "tokenHashes", array(
  select coalesce(c.subject_id, c.tenant_id)
  from principal_changes c
  where c.xid >= pg_snapshot_xmin(($1::text)::pg_snapshot)
    and not pg_visible_in_snapshot(c.xid, ($1::text)::pg_snapshot)
) as "changedIds";

-- identity.revokeOtherSessions (app, write) $1=tenant $2=userId $3=keptId
with revoked as (
  update sessions set revoked_at = now()
  where tenant_id = $1 and user_id = $2 and revoked_at is null and id is distinct from $3::uuid
  returning id, token_hash
),
noted as (
  insert into session_revocations (tenant_id, session_id, token_hash) select $1, id, token_hash from revoked
)
select token_hash as "tokenHash" from revoked;

-- identity.revokeSessions (app, write) $1=tenant $2=userId $3=sessionId
with revoked as (
  update sessions set revoked_at = now()
  where tenant_id = $1 and user_id = $2 and revoked_at is null
    and ($3::uuid is null or id = $3)
  returning id, token_hash
),
noted as (
  insert into session_revocations (tenant_id, session_id, token_hash) select $1, id, token_hash from revoked
)
select token_hash as "tokenHash" from revoked;

-- identity.revokeTokenKey (app, write) $1=tenant $2=keyId
update token_keys set revoked_at = coalesce(revoked_at, now())
where tenant_id = $1 and id = $2
returning id;

-- identity.revokeTokensOfTenant (app, write) $1=tenant
insert into token_settings as s (tenant_id, valid_from)
values ($1, clock_timestamp())
on conflict (tenant_id) do update set valid_from = greatest(s.valid_from, excluded.valid_from)
returning valid_from as "validFrom";

-- identity.revokeTokensOfUser (app, write) $1=tenant $2=userId
update users set tokens_valid_from = greatest(tokens_valid_from, clock_timestamp())
where tenant_id = $1 and id = $2 and deleted_at is null
returning tokens_valid_from as "validFrom";

-- identity.roleChangesOfTenant (app, read) $1=tenant $2=beforeAt $3=beforeId $4=limit
select id, user_id as "userId", old_role as "oldRole", new_role as "newRole",
  changed_by_user_id as "changedByUserId", changed_by_key_id as "changedByKeyId", changed_at as "changedAt"
from role_changes
where tenant_id = $1 and (changed_at, id) < ($2, $3)
order by changed_at desc, id desc
limit $4::int;

-- identity.sessionOfUser (app, read) $1=tenant $2=userId $3=sessionId
select id from sessions where tenant_id = $1 and user_id = $2 and id = $3;

-- identity.sessionsByToken (system, read) $1=tokenHashes
select *
from (
  select s.token_hash as "tokenHash", s.tenant_id as "tenantId",
    (select t.plan from tenants t where t.tenant_id = s.tenant_id) as plan,
    s.user_id as "userId",
    (
      select u.role from users u where u.tenant_id = s.tenant_id and u.id = s.user_id and u.deleted_at is null
    ) as role,
    s.id as "sessionId", s.expires_at as "expiresAt",
    coalesce(s.last_used_at, s.created_at) as "lastUsedAt"
  from sessions s
  where s.token_hash = any($1::bytea[]) and s.revoked_at is null and s.expires_at > now()
  offset 0
) found
where found.role is not null;

-- identity.sessionsOfUser (app, read) $1=tenant $2=userId $3=beforeAt $4=beforeId $5=limit
select id, user_agent as "userAgent", address, created_at as "createdAt",
  coalesce(last_used_at, created_at) as "lastUsedAt", expires_at as "expiresAt"
from sessions
where tenant_id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
  and (created_at, id) < ($3, $4)
order by created_at desc, id desc
limit $5::int;

-- identity.setPendingEmail (app, write) $1=email $2=tenant $3=userId
update users set pending_email = nullif($1, email)
where tenant_id = $2 and id = $3 and deleted_at is null
returning id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt", email, email_verified_at is not null as "emailVerified", pending_email as "pendingEmail";

-- identity.setPrivacy (app, write) $1=isPrivate $2=tenant $3=userId
update users set is_private = $1, updated_at = now()
where tenant_id = $2 and id = $3 and deleted_at is null and is_private <> $1;

-- identity.standingOfUser (app, write) $1=tenant $2=userId
select u.role,
  (
    select true from users o
    where o.tenant_id = $1 and o.role = 'owner' and o.id <> $2 and o.deleted_at is null
    limit 1
  ) is not null as "otherOwner"
from users u
where u.tenant_id = $1 and u.id = $2 and u.deleted_at is null
for no key update of u;

-- identity.storedUsers (app, read) $1=tenant $2=ids
select id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt", updated_at as "updatedAt" from users
where tenant_id = $1 and id = any($2::uuid[]) and deleted_at is null;

-- identity.takeToken (app, write) $1=tenant $2=tokenHash $3=purpose
update account_tokens set used_at = now()
where tenant_id = $1 and token_hash = $2 and purpose = $3 and used_at is null
  and expires_at > now()
returning id, user_id as "userId", email;

-- identity.tokenKeysById (system, read) $1=ids
select k.id, k.tenant_id as "tenantId",
  (select t.plan from tenants t where t.tenant_id = k.tenant_id) as plan,
  k.algorithm, k.sealed_secret as "sealedSecret", k.public_key as "publicKey",
  s.audience, s.create_users as "createUsers", s.valid_from as "validFrom"
from token_keys k
left join lateral (
  select given.audience, given.create_users, given.valid_from
  from token_settings given
  where given.tenant_id = k.tenant_id
  limit 1
) s on true
where k.id = any($1::uuid[]) and k.revoked_at is null;

-- identity.tokenKeysOfTenant (app, read) $1=tenant $2=beforeAt $3=beforeId $4=limit
select id, algorithm, created_at as "createdAt", revoked_at as "revokedAt"
from token_keys
where tenant_id = $1 and (created_at, id) < ($2, $3)
order by created_at desc, id desc
limit $4::int;

-- identity.tokenSettings (app, read) $1=tenant
select audience, create_users as "createUsers", valid_from as "validFrom"
from token_settings
where tenant_id = $1;

-- identity.updateExternalUsers (app, write) $1=ids $2=handles $3=displayNames $4=bios $5=tenant
update users u set handle = g.handle, display_name = g.display_name, bio = g.bio, updated_at = now()
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
  as g (id, handle, display_name, bio)
where u.tenant_id = $5 and u.id = g.id;

-- identity.updateTokenSettings (app, write) $1=tenant $2=audience $3=createUsers
insert into token_settings as s (tenant_id, audience, create_users)
values ($1, nullif($2::text, ''), coalesce($3::boolean, false))
on conflict (tenant_id) do update
  set audience = case when $2::text is null then s.audience else excluded.audience end,
    create_users = coalesce($3::boolean, s.create_users)
returning audience, create_users as "createUsers", valid_from as "validFrom";

-- identity.updateUser (app, write) $1=displayName $2=bio $3=tenant $4=userId
update users
set display_name = coalesce($1, display_name), bio = coalesce($2, bio), updated_at = now()
where tenant_id = $3 and id = $4 and deleted_at is null
returning id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt", email, email_verified_at is not null as "emailVerified", pending_email as "pendingEmail";

-- identity.usersByHandles (app, read) $1=tenant $2=handles
select id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt" from users where tenant_id = $1 and handle = any($2::text[]) and deleted_at is null;

-- identity.usersByIdOrHandle (app, read) $1=tenant $2=ids $3=handles
select id, handle from users
where tenant_id = $1 and (id = any($2::uuid[]) or handle = any($3::text[]));

-- identity.usersByIds (app, read) $1=tenant $2=ids
select id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt" from users where tenant_id = $1 and id = any($2::uuid[]) and deleted_at is null;

-- identity.usersOfTokens (system, read) $1=tenantIds $2=userIds $3=externalIds
select named.place - 1 as index, found.id as "userId", found.role, found.tokens_valid_from as "validFrom",
  found.deleted_at is not null as deleted
from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality
  as named (tenant_id, user_id, external_id, place)
cross join lateral (
  select u.id, u.role, u.tokens_valid_from, u.deleted_at
  from users u
  where u.tenant_id = named.tenant_id and u.id = coalesce(named.user_id::uuid, (
    select e.id from users e where e.tenant_id = named.tenant_id and e.external_id = named.external_id
  ))
  limit 1
) found;

-- identity.usersToUpsert (app, write) $1=tenant $2=externalIds $3=handles
select id, external_id as "externalId", handle, display_name as "displayName", bio,
  deleted_at is not null as deleted
from users
where tenant_id = $1 and id = any (array(
  select (select u.id from users u where u.tenant_id = $1 and u.external_id = given.name)
  from unnest($2::text[]) as given (name)
  union all
  select (select u.id from users u where u.tenant_id = $1 and u.handle = given.name)
  from unnest($3::text[]) as given (name)
))
order by id
for no key update;

-- mail.claimMails (system, write) $1=leaseMs $2=limit
update mails set due_at = now() + $1::bigint * interval '1 millisecond'
where ctid = any (array(
  select ctid from mails where due_at <= now() order by due_at limit $2::int for update skip locked
))
returning tenant_id as "tenantId", id, template, recipient, params, attempts, expires_at <= now() as expired;

-- mail.countMails (system, read) $1=limit
select count(*)::int as waiting from (select from mails order by due_at limit $1::int) counted;

-- mail.forgetMail (system, write) $1=tenantId $2=id
delete from mails where tenant_id = $1 and id = $2;

-- mail.postponeMail (system, write) $1=attempts $2=inMs $3=tenantId $4=id
update mails set attempts = $1, due_at = now() + $2::bigint * interval '1 millisecond'
where tenant_id = $3 and id = $4;

-- mail.queueMail (app, write) $1=tenant $2=id $3=template $4=recipient $5=params $6=ttlMs $7=most
insert into mails (tenant_id, id, template, recipient, params, expires_at)
select $1, $2, $3, $4, $5, now() + $6::bigint * interval '1 millisecond'
where (
  select count(*) from (select from mails where tenant_id = $1 limit $7::int) waiting
) < $7::int
returning id;

-- maintenance.tryLockJob (system, write) $1=job
select pg_try_advisory_xact_lock(hashtextextended('nova.maintenance ' || $1::text, 0)) as locked;

-- outbox.backlog (system, read) 
select greatest(newest.id - oldest.id + 1, 0) as waiting
from (select xid, id from outbox_offsets order by xid, id limit 1) slowest
cross join lateral (
  select o.id from outbox o where (o.xid, o.id) > (slowest.xid, slowest.id) order by o.xid, o.id limit 1
) oldest
cross join (select id from outbox order by xid desc, id desc limit 1) newest;

-- outbox.blockedHeads (system, read) $1=limit
select h.consumer, h.tenant_id as "tenantId", h.key, h.event_id as id, h.type, h.attempts, h.error,
  h.retry_at as "retryAt",
  (
    select count(*)::int from outbox_set_aside b
    where b.tenant_id = h.tenant_id and b.consumer = h.consumer and b.key = h.key
      and (b.xid, b.event_id) > (h.xid, h.event_id)
  ) as behind
from outbox_set_aside h
where h.attempts > 0 or h.retry_at is not null
order by h.set_aside_at
limit $1::int;

-- outbox.blockedKeys (app, write) $1=tenant $2=consumer $3=keys
select distinct key from outbox_set_aside
where tenant_id = $1 and consumer = $2 and key = any($3::text[]);

-- outbox.consumerLag (system, read) $1=limit
select f.consumer, f.types, f.xid, f.id,
  (select count(*)::int from (
    select from outbox o where (o.xid, o.id) > (f.xid, f.id) limit $1::int
  ) n) as behind,
  (select greatest(extract(epoch from now() - o.created_at) * 1000, 0)::float8
    from outbox o where (o.xid, o.id) > (f.xid, f.id) order by o.xid, o.id limit 1) as "oldestAgeMs",
  s.set_aside as "setAside",
  s.given_up as "givenUp"
from outbox_offsets f
cross join lateral (
  select count(*)::int as set_aside,
    count(*) filter (where n.retry_at is null and n.attempts > 0)::int as given_up
  from (
    select retry_at, attempts from outbox_set_aside a where a.consumer = f.consumer limit $1::int
  ) n
) s
order by f.consumer;

-- outbox.countSetAside (system, read) $1=consumer $2=limit
select count(*)::int as count
from (select from outbox_set_aside where consumer = $1 limit $2::int) s;

-- outbox.deleteSetAside (app, write) $1=tenant $2=consumer $3=id
delete from outbox_set_aside
where tenant_id = $1 and consumer = $2 and event_id = $3;

-- outbox.dueRetries (system, read) $1=consumer $2=limit
select tenant_id as "tenantId", event_id as id
from outbox_set_aside
where consumer = $1 and retry_at <= now()
order by retry_at
limit $2::int;

-- outbox.eventsAfter (system, read) $1=types $2=xid $3=id $4=scan $5=limit
select e.xid, e.id, e.tenant_id as "tenantId", e.type, e.key,
  case when e.wanted then e.payload end as payload,
  e.correlation_id as "correlationId", e.created_at as "createdAt", e.wanted
from (
  select s.*, s.type = any($1::text[]) as wanted, lead(s.id) over (order by s.xid, s.id) is null as is_last
  from (
    select *
    from outbox o
    where (o.xid, o.id) > ($2::xid8, $3::bigint) and o.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by o.xid, o.id
    limit $4::int
  ) s
) e
where e.wanted or e.is_last
order by e.xid, e.id
limit $5::int;

-- outbox.forgetConsumer (system, write) $1=consumer
with aside as (delete from outbox_set_aside where consumer = $1)
delete from outbox_offsets where consumer = $1;

-- outbox.forgetType (system, write) $1=type $2=consumer
update outbox_offsets set types = array_remove(types, $1::text)
where consumer = $2 and $1::text = any(types);

-- outbox.heldBack (system, read) 
select exists (select from outbox where xid >= pg_snapshot_xmin(pg_current_snapshot())) as "heldBack";

-- outbox.insertEvents (app, write) $1=tenant $2=correlationId $3=types $4=keys $5=payloads
insert into outbox (tenant_id, type, key, payload, correlation_id)
select $1::uuid, e.type, e.key, e.payload::jsonb, $2::text
from unnest($3::text[], $4::text[], $5::text[]) with ordinality as e (type, key, payload, position)
order by e.position;

-- outbox.insertOffset (system, write) $1=consumer $2=types $3=fromNow
insert into outbox_offsets (consumer, types, xid, id)
values (
  $1,
  $2::text[],
  case when $3::boolean then pg_snapshot_xmin(pg_current_snapshot()) else '0'::xid8 end,
  -1
)
on conflict (consumer) do nothing;

-- outbox.lockOffset (app, write) $1=consumer $2=types
select xid, id from outbox_offsets
where consumer = $1 and types <@ $2::text[]
for update skip locked;

-- outbox.lockRetry (app, write) $1=tenant $2=consumer $3=id
select xid, type, key, payload, correlation_id as "correlationId", created_at as "createdAt", attempts
from outbox_set_aside
where tenant_id = $1 and consumer = $2 and event_id = $3 and retry_at is not null
for update;

-- outbox.moveOffset (app, write) $1=xid $2=id $3=consumer
update outbox_offsets set xid = $1::xid8, id = $2, updated_at = now()
where consumer = $3;

-- outbox.offsetOf (system, read) $1=types $2=consumer
select xid, id, array(select unnest(types) except select unnest($1::text[])) as unknown
from outbox_offsets where consumer = $2;

-- outbox.purgePassed (system, write) $1=limit $2=retentionMs
delete from outbox
where ctid = any (array(
  select o.ctid
  from (
    select xid, id from outbox_offsets
    union all
    select '18446744073709551615'::xid8, 9223372036854775807
    order by xid, id
    limit 1
  ) slowest
  cross join lateral (
    -- The oldest by place are the oldest by time, but for long transactions: no need to look further.
    select ctid, created_at from outbox
    where (xid, id) <= (slowest.xid, slowest.id)
    order by xid, id
    limit $1::int
  ) o
  where o.created_at < now() - make_interval(secs => $2::float8 / 1000)
));

-- outbox.recordFailure (app, write) $1=error $2=retryInMs $3=tenant $4=consumer $5=id
update outbox_set_aside
set attempts = attempts + 1, error = $1,
  retry_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
where tenant_id = $3 and consumer = $4 and event_id = $5;

-- outbox.releaseGivenUp (system, write) $1=consumer $2=event
update outbox_set_aside set attempts = 0, retry_at = now()
where retry_at is null and attempts > 0
  and ($1::text is null or consumer = $1::text)
  and ($2::bigint is null or event_id = $2::bigint);

-- outbox.releaseNext (app, write) $1=tenant $2=consumer $3=key
update outbox_set_aside set retry_at = clock_timestamp()
where tenant_id = $1 and consumer = $2 and event_id = (
  select n.event_id from outbox_set_aside n
  where n.tenant_id = $1 and n.consumer = $2 and n.key = $3
  order by n.xid, n.event_id
  limit 1
);

-- outbox.setAside (app, write) $1=consumer $2=attempts $3=error $4=retryInMs $5=tenant $6=ids
insert into outbox_set_aside (
  tenant_id, consumer, event_id, xid, type, key, payload, correlation_id, created_at, attempts, error, retry_at
)
select o.tenant_id, $1, o.id, o.xid, o.type, o.key, o.payload, o.correlation_id, o.created_at,
  $2, $3, clock_timestamp() + make_interval(secs => $4::float8 / 1000)
from outbox o
where o.tenant_id = $5 and o.id = any($6::bigint[])
on conflict (tenant_id, consumer, event_id) do nothing;

-- outbox.skipTo (system, write) $1=xid $2=id $3=consumer $4=types
update outbox_offsets set xid = $1::xid8, id = $2, updated_at = now()
where consumer = (
  select consumer from outbox_offsets
  where consumer = $3 and types <@ $4::text[] and (xid, id) < ($1::xid8, $2::bigint)
  for update skip locked
);

-- outbox.widenTypes (system, write) $1=types $2=consumer
update outbox_offsets set types = array(select unnest(types) union select unnest($1::text[]))
where consumer = $2 and not types @> $1::text[];

-- pageCache.eraseOwnWrites (app, write) $1=tenant $2=userId
delete from own_writes where tenant_id = $1 and user_id = $2;

-- pageCache.noteOwnWrite (app, write) $1=tenant $2=userId
insert into own_writes (tenant_id, user_id) values ($1, $2)
on conflict (tenant_id, user_id) do update set xid = pg_current_xact_id();

-- pageCache.ownWriteVersion (app, read) $1=tenant $2=userId
select xid::text as version from own_writes where tenant_id = $1 and user_id = $2;

-- tenancy.closeTenant (system, write) $1=id
update tenants set state = 'closed', closed_at = coalesce(closed_at, now())
where tenant_id = $1 and not is_default
returning tenant_id as id;

-- tenancy.ensureDefaultTenant (system, write) $1=id $2=name $3=plan
insert into tenants as t (tenant_id, name, plan, is_default)
values ($1, $2, $3, true)
on conflict (tenant_id) do update set plan = excluded.plan where t.plan <> excluded.plan;

-- tenancy.insertKey (app, write) $1=tenant $2=id $3=kind $4=name $5=scopes $6=keyHash $7=hint $8=lifetimeMs $9=limit
insert into api_keys (tenant_id, id, kind, name, scopes, key_hash, hint, expires_at)
select $1, $2, $3, $4, $5::text[], $6, $7,
  now() + $8::bigint * interval '1 millisecond'
where (select count(*) from api_keys where tenant_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())) < $9
returning id, kind, name, scopes, hint, created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", replaced_by as "replacedBy", revoked_at as "revokedAt";

-- tenancy.insertTenant (app, write) $1=tenant $2=name $3=plan
insert into tenants (tenant_id, name, plan) values ($1, $2, $3);

-- tenancy.keysByHash (system, read) $1=keyHashes
select k.key_hash as "keyHash", k.tenant_id as "tenantId", t.plan, k.id as "keyId", k.kind, k.scopes
from api_keys k
join tenants t on t.tenant_id = k.tenant_id
where k.key_hash = any($1::bytea[]) and k.revoked_at is null
  and (k.expires_at is null or k.expires_at > now()) and t.state = 'open';

-- tenancy.keysOfTenant (app, read) $1=tenant $2=beforeAt $3=beforeId $4=limit
select id, kind, name, scopes, hint, created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", replaced_by as "replacedBy", revoked_at as "revokedAt"
from api_keys
where tenant_id = $1
  and (created_at, id) < ($2, $3)
order by created_at desc, id desc
limit $4::int;

-- tenancy.lockKey (app, write) $1=tenant $2=keyId
select id, kind, name, scopes, hint, created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", replaced_by as "replacedBy", revoked_at as "revokedAt", revoked_at is null and (expires_at is null or expires_at > now()) as "inUse",
  (extract(epoch from expires_at - created_at) * 1000)::bigint as "lifetimeMs"
from api_keys
where tenant_id = $1 and id = $2
for update;

-- tenancy.lockTenant (app, write) $1=tenant
select name, plan, settings, created_at as "createdAt" from tenants where tenant_id = $1 for no key update;

-- tenancy.noteKeyUse (system, write) $1=tenantIds $2=keyIds
with used as (
  select k.tenant_id, k.id
  from unnest($1::uuid[], $2::uuid[]) as g (tenant_id, id)
  join api_keys k on k.tenant_id = g.tenant_id and k.id = g.id
  where k.last_used_at is null or k.last_used_at < now() - interval '30 seconds'
  order by k.tenant_id, k.id
  for no key update of k
)
update api_keys k set last_used_at = now()
from used u where k.tenant_id = u.tenant_id and k.id = u.id;

-- tenancy.openTenants (system, read) $1=ids
select tenant_id as id, plan, settings from tenants
where tenant_id = any($1::uuid[]) and state = 'open';

-- tenancy.ownTenant (app, read) $1=tenant
select name, plan, settings, created_at as "createdAt" from tenants where tenant_id = $1;

-- tenancy.replaceKey (app, write) $1=replacedBy $2=overlapSeconds $3=tenant $4=keyId
update api_keys
set replaced_by = $1,
  expires_at = least(expires_at, now() + $2::int * interval '1 second')
where tenant_id = $3 and id = $4
returning id, kind, name, scopes, hint, created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", replaced_by as "replacedBy", revoked_at as "revokedAt", key_hash as "keyHash";

-- tenancy.revokeKey (app, write) $1=tenant $2=keyId
update api_keys set revoked_at = coalesce(revoked_at, now())
where tenant_id = $1 and id = $2
returning key_hash as "keyHash";

-- tenancy.tenantById (system, read) $1=id
select tenant_id as id, name, plan, settings, created_at as "createdAt", state, is_default as "isDefault", closed_at as "closedAt" from tenants where tenant_id = $1;

-- tenancy.tenantsAfter (system, read) $1=after $2=limit
select tenant_id as id, name, plan, settings, created_at as "createdAt", state, is_default as "isDefault", closed_at as "closedAt" from tenants where tenant_id > $1 order by tenant_id limit $2::int;

-- tenancy.updateTenant (app, write) $1=name $2=plan $3=settings $4=tenant
update tenants set name = $1, plan = $2, settings = $3
where tenant_id = $4
returning name, plan, settings, created_at as "createdAt";

-- tenantTransfer.closedTenant (system, read) $1=graceSeconds
select tenant_id as id, closed_at as "closedAt" from tenants
where closed_at < now() - $1::int * interval '1 second' and state = 'closed'
order by closed_at
limit 1;

-- tenantTransfer.deleteTenant (system, write) $1=id
delete from tenants where tenant_id = $1 and state = 'closed';

-- tenantTransfer.tables (system, read) 
select c.relname::text as name,
  array(
    select a.attname::text from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and a.attname <> 'tenant_id'
    order by a.attnum
  ) as columns,
  array(
    select a.attname::text from pg_index i
    cross join unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where i.indrelid = c.oid and i.indisprimary and a.attname <> 'tenant_id'
    order by k.place
  ) as key,
  array(
    select distinct p.relname::text from pg_constraint f join pg_class p on p.oid = f.confrelid
    where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid and f.conparentid = 0
    order by 1
  ) as parents,
  array(
    select distinct a.attname::text from pg_constraint f
    cross join unnest(f.conkey) as k (attnum)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = c.oid and f.conparentid = 0
      and a.attname <> 'tenant_id'
    order by 1
  ) as "selfReferences",
  exists (
    select from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
  ) as "hasSequence"
from pg_class c
join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped
where c.relnamespace = 'nova'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname;

-- usage.add (system, write) $1=tenantIds $2=days $3=counters $4=values
insert into tenant_usage as u (tenant_id, day, counter, value)
select g.tenant_id, g.day::date, g.counter, g.value
from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
  as g (tenant_id, day, counter, value)
where (select true from tenants t where t.tenant_id = g.tenant_id) is not null
order by 1, 2, 3
on conflict (tenant_id, day, counter) do update set value = u.value + excluded.value;

-- usage.addActiveUsers (system, write) $1=tenantIds $2=days $3=userIds
with noted as (
  insert into tenant_active_users (tenant_id, day, user_id)
  select g.tenant_id, g.day::date, g.user_id
  from unnest($1::uuid[], $2::text[], $3::uuid[]) as g (tenant_id, day, user_id)
  where (select true from tenants t where t.tenant_id = g.tenant_id) is not null
  order by 1, 2, 3
  on conflict do nothing
  returning tenant_id, day
)
insert into tenant_usage as u (tenant_id, day, counter, value)
select tenant_id, day, 'activeUsers', count(*) from noted group by tenant_id, day order by 1, 2
on conflict (tenant_id, day, counter) do update set value = u.value + excluded.value;

-- usage.ofTenant (app, read) $1=tenant $2=from $3=to
select to_char(day, 'YYYY-MM-DD') as day, counter, value
from tenant_usage
where tenant_id = $1 and day between ($2::text)::date and ($3::text)::date
order by tenant_id, tenant_usage.day, counter;

-- usage.purge (system, write) $1=limit
delete from tenant_usage
where ctid = any (array(
  select ctid from tenant_usage where day < current_date - 400 limit $1::int
));

-- usage.purgeActiveUsers (system, write) $1=limit
delete from tenant_active_users
where ctid = any (array(
  select ctid from tenant_active_users where day < current_date - 2 limit $1::int
));
