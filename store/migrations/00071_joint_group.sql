-- Customers that decide together (Art. 26), as it was arranged: kept in the
-- register and proposed when a case touches one of them.

create table joint_group (
	id text primary key,
	name text not null,
	folded text not null,
	lead text not null, -- id of a controller, or none
	arrangement text not null, -- what it is and where it is kept, or none
	arranged text, -- its date
	ended text,
	version bigint not null
) strict, without rowid;

create table joint_member (
	joint_group text not null references joint_group (id),
	controller text not null references controller (id),
	primary key (joint_group, controller)
) strict, without rowid;
create index joint_member_controller on joint_member (controller);
