-- The words of cases, by which a search finds them, and the newest cases, whose
-- words are not among them yet (see word.go).

create table word (
	word text not null,
	incident text not null references incident (id),
	primary key (word, incident)
) strict, without rowid;

create table fresh (
	incident text primary key references incident (id)
) strict, without rowid;

insert into fresh (incident) select id from incident;

update incident set folded = ' ' || folded where folded not like ' %';
