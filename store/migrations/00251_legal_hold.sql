-- Cases whose evidence must be kept whatever its time: a dispute, an inquiry.
create table legal_hold (
	incident text primary key references incident (id),
	reason text not null,
	made text not null,
	made_by text not null,
	ended text,
	ended_by text not null
) strict, without rowid;
