-- The log of heads: every end of a chain, in the order in which they were
-- logged, as the leaves of a Merkle tree (RFC 6962). Its checkpoints leave the
-- house.
create table head_log (
	n bigint primary key,
	chain text not null,
	seq bigint not null,
	head bytea not null
) strict, without rowid;
create index head_log_chain on head_log (chain, n);

-- The nodes of the tree, each as soon as it is whole: a leaf, then upwards.
create table head_node (
	i bigint primary key,
	hash bytea not null
) strict, without rowid;

create table checkpoint (
	size bigint primary key,
	root bytea not null,
	at text not null,
	note text not null, -- signed, as docs/proof.md says
	stamp bytea -- of a trusted time authority (RFC 3161)
) strict, without rowid;

alter table chain add column logged bigint not null default 0;
create index chain_unlogged on chain (id) where seq > logged;
