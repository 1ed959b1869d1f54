-- What people look for in words: each text once, with the words that it holds,
-- folded by the program.

create table document (
	n bigint generated always as identity primary key, -- in order of writing
	kind text not null, -- entry, notice, facts or customer
	ref text not null, -- id of the thing
	incident text not null, -- '' for a customer
	words tsvector not null
);
create unique index document_ref on document (kind, ref);
create index document_kind on document (kind, n);
create index document_incident on document (incident, kind, n);
create index document_words on document using gin (words);
