-- Which node of several has leased a delivery, by the number whose lock it
-- holds; 0 is a node without one, whose leases end by time alone.
alter table delivery add column holder bigint not null default 0;
