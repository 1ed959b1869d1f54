-- What people were told about a breach of their data (Art. 34): who, how, when,
-- in what words, and who was not and why.

create table telling (
	id text primary key,
	incident text not null references incident (id),
	record text not null references record (id),
	at text not null,
	channel text not null,
	safe text not null, -- whether the breach left the channel alone: yes, no, unknown
	despite text not null,
	people text not null, -- who was told
	told text not null, -- JSON
	untold text not null, -- JSON
	why text not null, -- why some were not told
	content text not null,
	finished boolean not null,
	made_by text not null,
	made text not null
) strict;
create index telling_record on telling (record, id);
