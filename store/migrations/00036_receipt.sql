-- What the authority answered to a filing, in its words.

alter table filing add column receipt text not null default '';
