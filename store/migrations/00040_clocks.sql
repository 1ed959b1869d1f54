-- Clocks by duty, joint controllers, the sub-processor that a breach came
-- from, and whose a calendar's address is.

create index deadline_duty on deadline (incident, duty, period, (coalesce(due, '9999-12-31T23:59:59.999Z')), record, id);
alter table record add column joint text not null default '{}'; -- JSON
alter table incident add column source text not null default '{}'; -- JSON
alter table token add column owner text not null default ''; -- id of staff
