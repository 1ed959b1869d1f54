-- Questions of controllers, the answers, and what each controller was answered.

create table question (
	id text primary key,
	incident text not null references incident (id),
	record text not null references record (id),
	controller text not null, -- name, as it was
	topic text not null,
	lang text not null,
	content text not null,
	address text not null,
	name text not null,
	made_by text not null,
	at text not null,
	ring_at text,
	answered_at text,
	reply text not null,
	version bigint not null
) strict, without rowid;
create index question_record on question (record, id);
create index question_open on question (incident, id) where answered_at is null;
create index question_ring on question (ring_at, id) where ring_at is not null;

create table reply (
	id text primary key,
	incident text not null references incident (id),
	questions text not null, -- JSON, ids
	records text not null, -- JSON, ids
	heads text not null, -- JSON, by language
	texts text not null, -- JSON, by language
	cleared text not null, -- JSON
	seal text not null,
	made_by text not null,
	maker text not null, -- id
	at text not null,
	state text not null,
	decided_by text not null,
	decided_at text,
	reason text not null
) strict, without rowid;
create index reply_incident on reply (incident, id);

create table reply_copy (
	reply text not null references reply (id),
	record text not null references record (id),
	incident text not null references incident (id),
	controller text not null, -- name, as it was
	lang text not null,
	head text not null,
	content text not null,
	at text not null,
	seen_at text,
	seen_by text not null,
	primary key (reply, record)
) strict, without rowid;
create index reply_copy_record on reply_copy (record, reply);
