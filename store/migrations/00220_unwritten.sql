-- What a mail is written from, beside its notice, until a courier takes it and
-- its bytes are frozen. Like the bytes it holds the secret of the receiver's link.
create table unwritten (
	delivery text primary key references delivery (id),
	source text not null -- JSON
) strict, without rowid;
