-- Notices of those who process data for us: as they came, and what was read.
create table received (
	id text primary key,
	incident text references incident (id),
	reading text not null, -- JSON
	sha256 text not null unique,
	size bigint not null,
	made_by text not null,
	at text not null,
	came text,
	version bigint not null
) strict, without rowid;
create index received_incident on received (incident, id) where incident is not null;
create index received_waits on received (id) where incident is null;

create table received_body (
	received text primary key references received (id),
	bytes bytea not null
) strict, without rowid;
