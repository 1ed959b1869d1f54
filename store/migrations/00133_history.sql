-- What stood in a case, its records and its clocks before it was overwritten,
-- and until when, so that a case can be seen as it was known at any minute.
-- Marks, judgements, notices and entries are never overwritten and keep their
-- own times.

create table incident_was (
	incident text not null references incident (id),
	version bigint not null,
	until text not null,
	title text not null,
	services text not null,
	facts text not null,
	regimes text not null,
	inquiry text not null,
	answers text not null,
	source text not null,
	closed_at text,
	ended text not null,
	primary key (incident, version)
) strict, without rowid;

create table record_was (
	incident text not null references incident (id),
	record text not null references record (id),
	version bigint not null,
	until text not null,
	name text not null,
	lang text not null,
	part text not null,
	certainty text not null,
	authority text not null,
	hours bigint not null,
	facts text not null,
	tier text not null,
	stage text not null,
	notices bigint not null,
	acked_at text,
	acked_by text not null,
	call_at text,
	answers text not null,
	mandate text not null,
	joint text not null,
	primary key (incident, record, version)
) strict, without rowid;

alter table deadline add column made text; -- null: before this was kept
create table deadline_was (
	incident text not null references incident (id),
	record text not null,
	id text not null,
	until text not null,
	start text not null,
	due text,
	outer_limit text,
	met text,
	how text not null,
	reason text not null,
	primary key (incident, record, id, until)
) strict, without rowid;

-- From when on this is kept: nothing is known of what was overwritten before.
insert into setting (name, value) select 'history', '"' || coalesce(max(at), '') || '"' from audit;
