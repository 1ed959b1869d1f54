-- Judgements that wait for a second person are found without a search.

create index assessment_waits on assessment (record, n) where waits;
create index decision_waits on decision (record, n) where waits;
