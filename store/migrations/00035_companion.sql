-- The controller's side: answers to an authority's form, what was handed over,
-- codes and short sessions behind a link, and the keys that sign notices.

-- 1: the link alone opens the details, without a code.
alter table controller add column open_link boolean not null default false;

create table form_answer (
	record text not null references record (id),
	key text not null,
	value text not null,
	done boolean not null,
	made_by text not null,
	at text not null,
	primary key (record, key)
) strict, without rowid;

-- What was given to a controller, byte for byte.
create table handover (
	id text primary key,
	incident text not null references incident (id),
	record text not null references record (id),
	n bigint not null,
	kind text not null,
	form text not null,
	lang text not null,
	facts text not null, -- JSON, value by field: what the next is compared with
	sha256 text not null,
	bytes bytea not null,
	made_by text not null,
	via text not null,
	at text not null
) strict;
create unique index handover_record on handover (record, n);

-- The newest code of a link. Only its hash is kept, together with the link's
-- secret, so that the database opens nothing.
create table link_code (
	link text primary key, -- SHA-256 of the secret
	hash text not null,
	made text not null,
	until text not null,
	tries bigint not null,
	asked bigint not null,
	since text not null,
	used text,
	version bigint not null
) strict, without rowid;

create table link_session (
	hash text primary key,
	link text not null,
	record text not null references record (id),
	made text not null,
	until text not null
) strict, without rowid;
create index link_session_until on link_session (until);

-- Links that lead nowhere any more.
create table link_end (
	link text primary key,
	record text not null references record (id),
	at text not null,
	made_by text not null
) strict, without rowid;

create table sign_key (
	id text primary key,
	public text not null, -- Ed25519, base64
	since text not null,
	until text
) strict, without rowid;

create index notice_code on notice (code);
