-- Assessments keep the answers and the proposal beside the decision; a second
-- person approves; new facts reopen; some lenient decisions get a second look.

alter table controller add column mandate text not null default '{}'; -- JSON
alter table incident add column answers text not null default ''; -- JSON of package risk, or none
alter table record add column answers text not null default '';
alter table record add column mandate text not null default '{}'; -- JSON

alter table assessment add column borderline boolean not null default false;
alter table assessment add column rules text not null default '';
alter table assessment add column grounds text not null default 'null'; -- JSON, keys of rules
alter table assessment add column exempt text not null default '{}'; -- JSON
alter table assessment add column by_id text not null default '';
alter table assessment add column waits boolean not null default false;
create index assessment_lenient on assessment (at, record, n) where tier = 'unlikely_risk';

alter table decision add column by_id text not null default '';
alter table decision add column waits boolean not null default false;
create index decision_lenient on decision (at, record, n) where kind in ('no_breach', 'not_notifiable');
create index entry_no_breach on entry (at, incident) where key = 'case.inquiry_no_breach';

-- What second persons said of judgements that waited for them.
create table approval (
	record text not null references record (id),
	kind text not null, -- assessment or decision
	which bigint not null, -- which of its kind, from 0
	n bigint not null,
	verdict text not null,
	reason text not null,
	made_by text not null,
	by_id text not null,
	at text not null,
	primary key (record, kind, which)
) strict, without rowid;

-- What became known after a record had been decided.
create table reopening (
	record text not null references record (id),
	n bigint not null,
	assessed bigint not null,
	decided bigint not null,
	changed text not null, -- JSON, keys
	why text not null,
	made_by text not null,
	at text not null,
	primary key (record, n)
) strict, without rowid;

-- Quarters whose lenient decisions have been drawn from.
create table draw (
	quarter text primary key,
	total bigint not null,
	drawn bigint not null,
	at text not null
) strict, without rowid;

create table review_sample (
	id text primary key,
	quarter text not null references draw (quarter),
	kind text not null,
	incident text not null references incident (id),
	record text references record (id),
	n bigint not null,
	made text not null,
	made_by text not null,
	by_id text not null,
	drawn text not null,
	verdict text not null,
	reason text not null,
	looked_by text not null,
	looked_at text
) strict, without rowid;
create index review_sample_quarter on review_sample (quarter, id);
create index review_sample_open on review_sample (drawn, id) where looked_at is null;

-- Forms that somebody has begun and not yet sent, by person and form.
create table draft (
	owner text not null,
	form text not null,
	content text not null,
	at text not null,
	primary key (owner, form)
) strict, without rowid;
create index draft_at on draft (at);
