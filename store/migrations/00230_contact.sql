-- Customers confirm and correct who is told of breaches. A contact may have a
-- language of its own, may not have answered yet, or be on its way out.
alter table contact add column lang text not null default '';
alter table contact add column awaits boolean not null default false;
alter table contact add column ends text;
create index contact_ends on contact (ends, controller) where ends is not null;

create table contact_link (
	hash text primary key,
	kind text not null,
	controller text not null references controller (id),
	address text not null,
	name text not null,
	lang text not null,
	change text not null, -- id of the correction, or none
	made text not null,
	until text not null,
	used_at text,
	delivery text not null
) strict, without rowid;
create index contact_link_controller on contact_link (controller, made);
create index contact_link_made on contact_link (made) where kind = 'confirm';

create table contact_change (
	id text primary key,
	controller text not null references controller (id),
	at text not null,
	made_by text not null,
	was text not null, -- JSON
	now text not null, -- JSON
	outcome text not null,
	ended text,
	ended_by text not null
) strict, without rowid;
create index contact_change_controller on contact_change (controller, at);
