-- What comes back and what goes to machines: reports on mails, the program's
-- sign of life, and endpoints of webhooks.

-- What a later report said of the mail; '' is the answer to an attempt.
alter table receipt add column report text not null default '';

-- When each running program was last alive, for those who watch it.
create table pulse (
	node text primary key,
	version text not null,
	started text not null,
	at text not null
) strict, without rowid;

-- Endpoints; controller '' is the organisation's own. They are ended, never
-- deleted: deliveries name them.
create table webhook (
	id text primary key,
	controller text not null,
	url text not null,
	secret text not null,
	made text not null,
	made_by text not null,
	ended text
) strict, without rowid;
create index webhook_controller on webhook (controller, id) where ended is null;

-- Links by time, for those who verify the newest.
create index audit_at on audit (at, chain, seq);
