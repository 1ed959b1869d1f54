-- The timeline takes what people write: when the thing itself happened, in
-- their words and zone, what an entry puts right, messages pinned from a chat,
-- and evidence.

alter table entry add column kind text not null default ''; -- '' is what the program wrote
alter table entry add column happened text;
alter table entry add column typed text not null default '';
alter table entry add column corrects text not null default '';
alter table entry add column why text not null default '';
alter table entry add column evidence text not null default '';
alter table entry add column ref text not null default '';
update entry set kind = 'note' where key = '';
create index entry_people on entry (incident, id) where kind <> '';
create index entry_corrects on entry (incident, corrects) where corrects <> '';
create index entry_ref on entry (incident, ref, id) where ref <> '';

-- Files that belong to a case. Who took them stands in the timeline.
create table evidence (
	id text primary key,
	incident text not null references incident (id),
	record text not null, -- '' is the whole case
	sha256 text not null references files (sha256),
	size bigint not null,
	name text not null,
	about text not null,
	happened text,
	typed text not null,
	made_by text not null,
	at text not null
) strict, without rowid;
create index evidence_incident on evidence (incident, id);
create index entry_evidence on entry (incident, evidence, id) where evidence <> '';
