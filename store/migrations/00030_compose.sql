-- Notices keep the facts that they said and those of the notice before, the
-- approved sentences that they used, and when an unanswered one goes to the
-- next contact.
alter table notice add column facts text not null default 'null'; -- JSON
alter table notice add column was text not null default 'null'; -- JSON
alter table notice add column phrases text not null default 'null'; -- JSON
alter table notice add column chase_at text;
create index notice_chase on notice (chase_at, id) where chase_at is not null;

-- Since when a controller waits for a call: all contacts have been written to
-- and nobody has answered, or no address is left.
alter table record add column call_at text;
create index record_call on record (incident, tight, folded, id) where call_at is not null;

-- How fast mails have gone out of late.
create index receipt_ended on receipt (ended) where ok;

-- Approved sentences, one row for each version. The newest approved one is in
-- force; of the languages in stale, the words have not followed the others.
create table phrase (
	key text not null,
	version bigint not null,
	title text not null,
	texts text not null, -- JSON, by language
	stale text not null, -- JSON, languages
	retired boolean not null,
	made_by text not null,
	maker text not null, -- id
	at text not null,
	approved_by text not null,
	approved_at text,
	primary key (key, version)
) strict, without rowid;

-- Notices that wait for a second person.
create table proposal (
	id text primary key,
	incident text not null references incident (id),
	input text not null, -- JSON
	seal text not null, -- hash of what the notices would say
	made_by text not null,
	maker text not null, -- id
	at text not null,
	state text not null,
	decided_by text not null,
	decided_at text,
	reason text not null
) strict, without rowid;
create index proposal_incident on proposal (incident, id);

-- The one live message of each case in the chat.
create table card (
	incident text primary key references incident (id),
	channel text not null,
	stamp text not null, -- by which the chat knows the message; none before it was posted
	delivery text not null, -- on its way, or none
	sum text not null, -- hash of what it says
	at text not null
) strict, without rowid;
