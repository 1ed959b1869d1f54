-- The index over documents anew, with the beginnings of words of every length
-- up to ten letters. A beginning that is not in the index is looked for by
-- reading all documents that have it; one that is, from the newest on, as far as
-- a page needs. Triggers on document keep writing into it.

drop table search;
create virtual table search using fts5(kind, incident, words, content='document', content_rowid='n',
	tokenize='unicode61 remove_diacritics 0', prefix='1 2 3 4 5 6 7 8 9 10');
insert into search (search, rank) values ('secure-delete', 1);
insert into search (search) values ('rebuild');
