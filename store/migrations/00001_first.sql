-- The first schema. It is written in the words that both databases share: a
-- dialect turns them into its own (see ddl in dialect.go). Instants are text of
-- 24 characters in UTC, 2026-11-22T15:04:05.000Z; null is "none". A column
-- named folded holds the form of a name by which it is found and ordered.
-- Nothing in here is ever deleted, except contacts and uses of a customer that
-- were changed, sessions and failed log-ins.

create table setting (
	name text primary key,
	value text not null -- JSON
) strict, without rowid;

-- Numbers that are given out without gaps: cases by year.
create table sequence (
	name text primary key,
	n bigint not null
) strict, without rowid;

-- What was done under an idempotency key.
create table done (
	actor text not null,
	act text not null,
	key text not null,
	result text not null,
	at text not null,
	primary key (actor, act, key)
) strict, without rowid;

create table incident (
	id text primary key,
	number text not null,
	title text not null,
	folded text not null, -- words of number and title, each after a space
	services text not null, -- JSON, ids
	aware text,
	tight text not null, -- nearest limit of ours that still runs, or 9999
	records bigint not null,
	notified bigint not null,
	accepted bigint not null,
	acked bigint not null,
	failed bigint not null,
	logged_at text not null,
	logged_by text not null,
	closed_at text,
	ended text not null,
	version bigint not null,
	regimes text not null, -- JSON, keys
	inquiry text not null, -- JSON
	facts text not null -- JSON
) strict, without rowid;
create index incident_open on incident (tight, id desc) where closed_at is null;
create index incident_closed on incident (id) where closed_at is not null;

-- Counters of one case that lists need: how many open records have a limit of
-- ours at an instant (kind due), or a language (kind lang).
create table counter (
	incident text not null references incident (id),
	kind text not null,
	value text not null,
	n bigint not null,
	primary key (incident, kind, value)
) strict, without rowid;

create table record (
	id text primary key,
	incident text not null references incident (id),
	controller text not null,
	name text not null,
	folded text not null,
	lang text not null,
	part text not null,
	certainty text not null,
	authority text not null,
	hours bigint not null,
	tier text not null,
	stage text not null,
	notices bigint not null,
	acked_at text,
	acked_by text not null,
	tight text not null, -- nearest limit that still runs, or 9999
	version bigint not null,
	facts text not null -- JSON
) strict, without rowid;
create unique index record_controller on record (incident, controller);
create index record_tight on record (incident, tight, folded, id);
create index record_stage on record (incident, stage, tight, folded, id);

-- Marks of a case (record is '') and of its records, oldest first.
create table mark (
	incident text not null references incident (id),
	record text not null,
	n bigint not null,
	moment text not null,
	at text,
	sure text not null,
	said text not null,
	why text not null,
	made_by text not null,
	made text not null,
	primary key (incident, record, n)
) strict, without rowid;

create table assessment (
	record text not null references record (id),
	n bigint not null,
	tier text not null,
	reason text not null,
	facts bytea, -- JSON of package risk
	proposed text not null,
	dpo text not null,
	made_by text not null,
	approver text not null,
	at text not null,
	primary key (record, n)
) strict, without rowid;

create table filing (
	record text not null references record (id),
	n bigint not null,
	kind text not null,
	at text,
	channel text not null,
	reference text not null,
	late_reason text not null,
	promised text,
	made_by text not null,
	made text not null,
	primary key (record, n)
) strict, without rowid;

create table decision (
	record text not null references record (id),
	n bigint not null,
	kind text not null,
	reason text not null,
	approver text not null,
	dpo text not null,
	authority text not null,
	held_from text,
	held_until text,
	made_by text not null,
	at text not null,
	primary key (record, n)
) strict, without rowid;

-- Clocks of a case (record is '') and of its records.
create table deadline (
	incident text not null references incident (id),
	record text not null,
	id text not null,
	duty text not null,
	basis text not null,
	owed_to text not null,
	ours boolean not null,
	period text not null, -- 72h, 14d, 1mo; 0h is none
	start text not null,
	due text,
	outer_limit text,
	met text,
	how text not null,
	warn text,
	reason text not null,
	primary key (incident, record, id)
) strict, without rowid;
create index deadline_ours on deadline (incident, due, record, id) where met is null and ours;
create index deadline_late on deadline (incident) where ours and met > due and reason = '';
create index deadline_warn on deadline (warn, incident, record, id) where met is null and warn is not null;

create table notice (
	id text primary key,
	incident text not null references incident (id),
	record text not null references record (id),
	n bigint not null,
	lang text not null,
	subject text not null,
	next_update text,
	code text not null,
	at text not null,
	made_by text not null,
	acked_at text,
	acked_by text not null,
	phoned boolean not null,
	said text not null,
	content text not null
) strict, without rowid;
create unique index notice_record on notice (record, n);

-- The outbox. A pending row becomes ready when its due has come; a claim takes
-- ready rows by urgency, so that those put off cost it nothing.
create table delivery (
	id text primary key,
	incident text references incident (id),
	record text references record (id),
	notice text references notice (id),
	route text not null,
	address text not null,
	name text not null,
	rank bigint not null,
	fate text not null,
	ready boolean not null,
	urgency text not null,
	due text,
	lease text,
	tries bigint not null,
	token text not null,
	made text not null,
	settled text
) strict, without rowid;
create unique index delivery_token on delivery (token) where token <> '';
create index delivery_ready on delivery (route, urgency, due, id) where fate = 'pending' and ready;
create index delivery_later on delivery (due, id) where fate = 'pending' and not ready;
create index delivery_lease on delivery (lease, id) where fate = 'leased';
create index delivery_incident on delivery (incident, id) where incident is not null;
create index delivery_record on delivery (record, id) where record is not null;
create index delivery_notice on delivery (notice, id) where notice is not null;

-- The bytes of a delivery, apart so that settling does not write them again.
create table body (
	delivery text primary key references delivery (id),
	bytes bytea not null
) strict, without rowid;

create table receipt (
	delivery text not null references delivery (id),
	try bigint not null,
	began text not null,
	ended text not null,
	ok boolean not null,
	code bigint not null,
	reply text not null,
	queue text not null,
	server text not null,
	tls text not null,
	sha256 text not null,
	primary key (delivery, try, began)
) strict, without rowid;

create table entry (
	incident text not null references incident (id),
	id text not null,
	record text not null,
	at text not null,
	made_by text not null,
	key text not null,
	args text not null, -- JSON
	content text not null,
	primary key (incident, id)
) strict, without rowid;
create index entry_record on entry (incident, record, id) where record <> '';

-- Alarms to staff that wait for a person.
create table ring (
	id text primary key,
	incident text references incident (id),
	duty text not null,
	records bigint not null,
	due text,
	step bigint not null,
	made text not null,
	next_at text,
	acked_at text,
	acked_by text not null,
	ended text
) strict, without rowid;
create index ring_next on ring (next_at, id) where next_at is not null;
create index ring_open on ring (incident, made, id) where ended is null;

-- The end of each hash chain. Locking its row orders the acts on one case.
create table chain (
	id text primary key, -- of the incident, or register
	seq bigint not null,
	head bytea
) strict, without rowid;

create table audit (
	chain text not null,
	seq bigint not null,
	at text not null,
	made_by text not null,
	act text not null,
	content bytea,
	salt bytea,
	seal bytea not null,
	prev bytea,
	hash bytea not null,
	primary key (chain, seq)
) strict, without rowid;

create table service (
	id text primary key,
	name text not null,
	folded text not null,
	own boolean not null,
	users bigint not null
) strict, without rowid;

create table controller (
	id text primary key,
	name text not null,
	folded text not null,
	business_id text not null,
	lang text not null,
	authority text not null,
	hours bigint not null,
	version bigint not null
) strict, without rowid;
create index controller_folded on controller (folded, id);
create index controller_business on controller (business_id) where business_id <> '';

create table contact (
	controller text not null references controller (id),
	n bigint not null,
	name text not null,
	email text not null,
	phone text not null,
	primary key (controller, n)
) strict, without rowid;

create table usage (
	controller text not null references controller (id),
	service text not null references service (id),
	tenant text not null,
	n bigint not null,
	primary key (controller, service, tenant)
) strict, without rowid;
create index usage_service on usage (service, controller);
create index usage_tenant on usage (tenant, controller) where tenant <> '';

create table staff (
	id text primary key,
	login text not null unique,
	name text not null,
	roles text not null, -- JSON
	lang text not null,
	password text not null,
	disabled boolean not null,
	made text not null
) strict, without rowid;

create table token (
	id text primary key,
	name text not null,
	role text not null,
	hash text not null unique,
	made text not null,
	revoked text
) strict, without rowid;

create table session (
	hash text primary key,
	data bytea not null,
	expires text not null
) strict, without rowid;
create index session_expires on session (expires);

-- Failed log-ins, for throttling.
create table failure (
	key text not null,
	at text not null,
	n bigint not null,
	primary key (key, at)
) strict, without rowid;
create index failure_at on failure (at);
