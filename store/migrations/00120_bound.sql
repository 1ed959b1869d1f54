-- What the rows were that an act wrote: salted commitments in its link.
alter table audit add column again bytea;
alter table audit add column leaves bigint not null default 0;
alter table audit add column root bytea;
alter table audit add column bound bytea;
