-- Requests of data subjects: passed on to their controllers, due in a month.
create table subject_request (
	id text primary key,
	kind text not null,
	incident text references incident (id),
	controller text not null,
	name text not null, -- of the controller, as it was
	label text not null,
	channel text not null,
	received text not null,
	made_by text not null,
	due text not null,
	extended text not null,
	passed_at text,
	passed_to text not null,
	proof text not null,
	delivery text not null,
	answered_at text,
	answered_by text not null,
	answer text not null,
	ring_at text,
	version bigint not null
) strict, without rowid;
create index subject_request_open on subject_request (due, id) where answered_at is null;
create index subject_request_answered on subject_request (answered_at, id) where answered_at is not null;
create index subject_request_ring on subject_request (ring_at, id) where ring_at is not null;
