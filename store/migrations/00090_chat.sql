-- The card of a case is changed by whoever read it last. Staff are known to the
-- chat by its own id of them. Ways out that are closed are kept, so that every
-- page can say since when.

alter table card add column version bigint not null default 0;

alter table staff add column slack text not null default '';
create unique index staff_slack on staff (slack) where slack <> '';

create table way (
	route text primary key,
	why text not null, -- none: open
	since text not null,
	said text not null, -- what the other side answered
	told text -- when staff were alarmed
) strict, without rowid;
