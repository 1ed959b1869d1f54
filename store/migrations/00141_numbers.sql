-- Cases are counted by the year in their number.

create index incident_number on incident (number);
