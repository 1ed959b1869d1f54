-- What was learnt from a case, what will be done about it, and when we knew
-- that a controller was affected.

alter table record add column made text; -- null: before this was kept

create table debrief (
	incident text primary key references incident (id),
	opened text not null,
	opened_by text not null,
	done text,
	done_by text not null,
	version bigint not null
) strict, without rowid;

-- Passages are never edited: a correction ends one and adds one.
create table passage (
	incident text not null references incident (id),
	id text not null,
	question text not null,
	reader text not null,
	content text not null,
	made_by text not null,
	made text not null,
	ended text,
	primary key (incident, id)
) strict, without rowid;

create table action (
	id text primary key,
	incident text not null references incident (id),
	content text not null,
	owner text not null, -- id of staff
	name text not null,
	due text not null,
	reader text not null,
	made text not null,
	made_by text not null,
	done text,
	done_by text not null,
	result text not null,
	remind text,
	version bigint not null
) strict, without rowid;
create index action_incident on action (incident, due, id);
create index action_remind on action (remind, id) where done is null;
create index action_open on action (due, id) where done is null;
