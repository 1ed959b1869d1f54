-- Files that are kept for ever, each content once, under its hash: what was
-- filed with an authority and what the authority answered. A filing names its
-- files and the limit that it answered, as it stood then.

create table if not exists files (
	sha256 text primary key, -- of bytes, hex
	size bigint not null,
	mime text not null,
	made text not null,
	bytes bytea not null
) strict;

alter table filing add column files text not null default 'null'; -- JSON
alter table filing add column due text;
