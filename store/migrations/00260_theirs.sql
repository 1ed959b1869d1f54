-- The board shows beside each case the first of the controllers' own limits.
create index deadline_theirs on deadline (incident, due, record, id) where met is null and not ours;
