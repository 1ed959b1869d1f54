-- The register of breaches (Art. 33(5)): what each case came to, by which the
-- register is filtered, and when it was known, by which it is ordered. A case
-- of an older register says where it comes from.

alter table incident add column imported text not null default 'null'; -- JSON
alter table incident add column dated text not null default '';
alter table incident add column facet text not null default ''; -- state|kind|decision|part

update incident set dated = coalesce(aware, logged_at), facet =
	case when closed_at is null then 'open' else 'closed' end || '|' ||
	case when inquiry like '%"Outcome":"no_breach"%' and aware is null then 'no_breach'
		when inquiry like '%"Ended":"0001-%' and inquiry not like '%"Since":"0001-%' then 'inquiry' else 'breach' end || '|' ||
	case when not exists (select 1 from record r where r.incident = incident.id and r.controller = 'own' and r.part = 'controller') then 'theirs'
		when exists (select 1 from filing f join record r on r.id = f.record where r.incident = incident.id and r.controller = 'own') then 'reported'
		when exists (select 1 from decision d join record r on r.id = d.record
			where r.incident = incident.id and r.controller = 'own' and d.kind = 'no_breach') then 'no_breach'
		when exists (select 1 from decision d join record r on r.id = d.record
			where r.incident = incident.id and r.controller = 'own' and d.kind = 'not_notifiable') then 'not_notifiable'
		when exists (select 1 from record r where r.incident = incident.id and r.controller = 'own' and r.tier = 'unlikely_risk') then 'not_notifiable'
		else 'undecided' end || '|' ||
	case when exists (select 1 from record r where r.incident = incident.id and r.controller = 'own' and r.part = 'controller')
		then case when records > 0 then 'both' else 'controller' end
		else case when records > 0 then 'processor' else 'none' end end;

create index incident_facet on incident (facet, dated, id);
