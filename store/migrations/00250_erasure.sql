-- What was taken out of the record, when, by whom and why. What it was is not
-- kept anywhere.
create table erasure (
	id text primary key,
	kind text not null, -- person, or the kind of data whose time was up
	mark text not null, -- stands where the name stood
	at text not null,
	made_by text not null,
	subject text not null, -- contact, user, subject or text
	reason text not null,
	basis text not null,
	second text not null, -- who else agreed
	changed text not null, -- JSON, number by table
	kept text not null, -- JSON, number by table
	oldest text, -- of the cases that were erased from
	newest text,
	scrubbed text -- when the last byte left the file
) strict, without rowid;
