-- What a controller judges for herself. own_assessment is read by a link of
-- hers and by nothing else; own_share is what she has shown to the processor.
create table own_assessment (
	record text primary key references record (id),
	answers text not null,
	tier text not null,
	reason text not null,
	made_by text not null,
	at text not null,
	version bigint not null
) strict, without rowid;

create table own_share (
	record text not null references record (id),
	n bigint not null,
	tier text not null,
	reason text not null,
	made_by text not null,
	at text not null,
	ended text,
	primary key (record, n)
) strict, without rowid;

create table offered_facts (
	record text primary key references record (id),
	answers text not null,
	made_by text not null,
	at text not null
) strict, without rowid;
