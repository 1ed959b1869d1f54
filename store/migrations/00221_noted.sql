-- How attempts to send ended, noted at once and all together, before anything
-- follows from it: a session goes on as soon as this is durable. The rest, the
-- receipt, the clocks, the timeline, is written for many at a time.
create table noted (
	delivery text primary key references delivery (id),
	due text not null,
	holder bigint not null,
	ending text not null -- JSON
) strict, without rowid;
create index noted_due on noted (due, delivery);
