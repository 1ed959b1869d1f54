-- What people look for in words: each text once, with the words that it holds,
-- folded by the program. The index keeps no copy of a text, and what is
-- replaced or erased leaves no trace in it.

create table document (
	n bigint primary key, -- in order of writing
	kind text not null, -- entry, notice, facts or customer
	ref text not null, -- id of the thing
	incident text not null, -- '' for a customer
	words text not null
) strict;
create unique index document_ref on document (kind, ref);

create virtual table search using fts5(kind, incident, words, content='document', content_rowid='n',
	tokenize='unicode61 remove_diacritics 0', prefix='2 3');
insert into search (search, rank) values ('secure-delete', 1);

create trigger document_in after insert on document begin
	insert into search (rowid, kind, incident, words) values (new.n, new.kind, new.incident, new.words);
end;
create trigger document_anew after update on document begin
	insert into search (search, rowid, kind, incident, words) values ('delete', old.n, old.kind, old.incident, old.words);
	insert into search (rowid, kind, incident, words) values (new.n, new.kind, new.incident, new.words);
end;
create trigger document_out after delete on document begin
	insert into search (search, rowid, kind, incident, words) values ('delete', old.n, old.kind, old.incident, old.words);
end;
