-- Who logged a case, by id: two people may have one name.

alter table incident add column logger text not null default '';
