-- A counter of one more kind, for the calendar: limit counts the records with a
-- running limit of ours by instant and duty, the two separated by a space.

create index counter_limit on counter (value, incident) where kind = 'limit' and n > 0;

insert into counter (incident, kind, value, n)
select incident, 'limit', due || ' ' || duty, count(distinct record)
from deadline
where met is null and ours and due is not null
group by incident, due, duty;
