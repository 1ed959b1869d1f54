package store

import (
	"fmt"
	"slices"
	"strings"
)

// A facet is a table, or a part of its columns, whose rows are bound to the
// chain: every act commits to each row that it writes, and a row that differs
// from the newest commitment was changed past the program. docs/proof.md lists
// them for outsiders.
type facet struct {
	name   string
	table  string
	home   home
	key    string // columns that name the row within its chain
	cols   string // columns that are bound; those with a * are bound as the hash of their bytes
	bools  string // which of cols are booleans, that SQLite keeps as numbers
	where  string // rows that are bound, or "" for all
	digest string // column that holds the SHA-256 of the one with a *, in hex; or ""

	columns []string
	hashed  []bool
	truth   []bool
	keys    []int // positions of the key's columns
	homed   int   // position of the incident's column, or -1
}

// home says to which chain a row belongs.
type home int

const (
	inRegister home = iota // the register's
	byIncident             // that of its column incident; the register's if it has none
	byRecord               // that of its record
	byDelivery             // that of its delivery
)

// facets in the order in which they are verified. What is in no facet is in
// unbound, with the reason.
var facets = []*facet{
	{name: "incident", home: byIncident, key: "id", cols: "id, number, title, services, facts, regimes, inquiry, answers, source, imported, aware, logged_at, logged_by, logger, closed_at, ended"},
	{name: "record", home: byIncident, key: "id", cols: "incident, id, controller, name, lang, part, certainty, authority, hours, facts, tier, stage, notices, acked_at, acked_by, call_at, answers, mandate, joint"},
	{name: "record_made", table: "record", home: byIncident, key: "id", cols: "incident, id, made", where: "t.made is not null"},
	{name: "mark", home: byIncident, key: "record, n", cols: "incident, record, n, moment, at, sure, said, why, made_by, made"},
	{name: "deadline", home: byIncident, key: "record, id", cols: "incident, record, id, duty, basis, owed_to, ours, period, start, due, outer_limit, met, how, reason", bools: "ours"},
	{name: "assessment", home: byRecord, key: "record, n", cols: "record, n, tier, reason, facts, proposed, borderline, rules, grounds, dpo, exempt, made_by, by_id, approver, waits, at", bools: "borderline, waits"},
	{name: "filing", home: byRecord, key: "record, n", cols: "record, n, kind, at, channel, reference, late_reason, promised, made_by, made, receipt, files, due"},
	{name: "decision", home: byRecord, key: "record, n", cols: "record, n, kind, reason, approver, dpo, authority, held_from, held_until, made_by, by_id, waits, at", bools: "waits"},
	{name: "approval", home: byRecord, key: "record, kind, which", cols: "record, kind, which, n, verdict, reason, made_by, by_id, at"},
	{name: "reopening", home: byRecord, key: "record, n", cols: "record, n, assessed, decided, changed, why, made_by, at"},
	{name: "notice", home: byIncident, key: "id", cols: "incident, id, record, n, lang, subject, content, said, next_update, code, at, made_by, phoned, facts, was, phrases", bools: "phoned"},
	{name: "notice_ack", table: "notice", home: byIncident, key: "id", cols: "incident, id, acked_at, acked_by", where: "t.acked_at is not null"},
	{name: "delivery", home: byIncident, key: "id", cols: "incident, id, record, notice, route, address, name, rank, token, made"},
	{name: "delivery_end", table: "delivery", home: byIncident, key: "id", cols: "incident, id, fate, settled", where: "t.fate <> 'pending' and t.fate <> 'leased'"},
	{name: "body", home: byDelivery, key: "delivery", cols: "delivery, bytes*"},
	{name: "receipt", home: byDelivery, key: "delivery, try, began", cols: "delivery, try, began, ended, ok, code, reply, queue, server, tls, sha256, report", bools: "ok"},
	{name: "entry", home: byIncident, key: "id", cols: "incident, id, record, at, made_by, key, args, content, kind, happened, typed, corrects, why, evidence, ref"},
	{name: "evidence", home: byIncident, key: "id", cols: "incident, id, record, sha256, size, name, about, happened, typed, made_by, at"},
	{name: "ring", home: byIncident, key: "id", cols: "incident, id, duty, records, due, made, acked_at, acked_by, ended"},
	{name: "proposal", home: byIncident, key: "id", cols: "incident, id, input, seal, made_by, maker, at, state, decided_by, decided_at, reason"},
	{name: "form_answer", home: byRecord, key: "record, key", cols: "record, key, value, done, made_by, at", bools: "done"},
	{name: "handover", home: byIncident, key: "id", cols: "incident, id, record, n, kind, form, lang, facts, sha256, bytes*, made_by, via, at", digest: "sha256"},
	{name: "telling", home: byIncident, key: "id", cols: "id, incident, record, at, channel, safe, despite, people, told, untold, why, content, finished, made_by, made", bools: "finished"},
	{name: "question", home: byIncident, key: "id", cols: "incident, id, record, controller, topic, lang, content, address, name, made_by, at, answered_at, reply"},
	{name: "reply", home: byIncident, key: "id", cols: "incident, id, questions, records, heads, texts, cleared, seal, made_by, maker, at, state, decided_by, decided_at, reason"},
	{name: "reply_copy", home: byIncident, key: "reply, record", cols: "incident, reply, record, controller, lang, head, content, at, seen_at, seen_by"},
	{name: "debrief", home: byIncident, key: "incident", cols: "incident, opened, opened_by, done, done_by"},
	{name: "passage", home: byIncident, key: "incident, id", cols: "incident, id, question, reader, content, made_by, made, ended"},
	{name: "action", home: byIncident, key: "id", cols: "incident, id, content, owner, name, due, reader, made, made_by, done, done_by, result"},
	{name: "own_assessment", home: byRecord, key: "record", cols: "record, answers, tier, reason, made_by, at"},
	{name: "own_share", home: byRecord, key: "record, n", cols: "record, n, tier, reason, made_by, at, ended"},
	{name: "offered_facts", home: byRecord, key: "record", cols: "record, answers, made_by, at"},
	{name: "incident_was", home: byIncident, key: "incident, version", cols: "incident, version, until, title, services, facts, regimes, inquiry, answers, source, closed_at, ended"},
	{name: "record_was", home: byIncident, key: "record, version", cols: "incident, record, version, until, name, lang, part, certainty, authority, hours, facts, tier, stage, notices, acked_at, acked_by, call_at, answers, mandate, joint"},
	{name: "deadline_was", home: byIncident, key: "record, id, until", cols: "incident, record, id, until, start, due, outer_limit, met, how, reason"},
	{name: "subject_request", home: inRegister, key: "id", cols: "id, kind, incident, controller, name, label, channel, received, made_by, due, extended, passed_at, passed_to, proof, delivery, answered_at, answered_by, answer"},
	{name: "received", home: inRegister, key: "id", cols: "id, incident, reading, sha256, size, made_by, at, came"},
	{name: "received_body", home: inRegister, key: "received", cols: "received, bytes*"},
	{name: "files", home: inRegister, key: "sha256", cols: "sha256, size, mime, made, bytes*", digest: "sha256"},
	{name: "link_end", home: byRecord, key: "link", cols: "record, link, at, made_by"},
	{name: "review_sample", home: byIncident, key: "id", cols: "incident, id, quarter, kind, record, n, made, made_by, by_id, drawn, verdict, reason, looked_by, looked_at"},
	{name: "draw", home: inRegister, key: "quarter", cols: "quarter, total, drawn, at"},
	{name: "phrase", home: inRegister, key: "key, version", cols: "key, version, title, texts, stale, retired, made_by, maker, at, approved_by, approved_at", bools: "retired"},
	{name: "service", home: inRegister, key: "id", cols: "id, name, own", bools: "own"},
	{name: "controller", home: inRegister, key: "id", cols: "id, name, business_id, lang, authority, hours, mandate, open_link", bools: "open_link"},
	{name: "contact", home: inRegister, key: "controller, n", cols: "controller, n, name, email, phone"},
	{name: "contact_more", table: "contact", home: inRegister, key: "controller, n", cols: "controller, n, lang, awaits, ends", bools: "awaits", where: "(t.lang <> '' or t.awaits or t.ends is not null)"},
	{name: "contact_link", home: inRegister, key: "hash", cols: "hash, kind, controller, address, name, lang, change, made, until, used_at, delivery"},
	{name: "contact_change", home: inRegister, key: "id", cols: "id, controller, at, made_by, was, now, outcome, ended, ended_by"},
	{name: "usage", home: inRegister, key: "controller, service, tenant", cols: "controller, service, tenant, n"},
	{name: "joint_group", home: inRegister, key: "id", cols: "id, name, lead, arrangement, arranged, ended"},
	{name: "joint_member", home: inRegister, key: "joint_group, controller", cols: "joint_group, controller"},
	{name: "staff", home: inRegister, key: "id", cols: "id, login, name, roles, lang, disabled, made, slack", bools: "disabled"},
	{name: "token", home: inRegister, key: "id", cols: "id, name, role, made, revoked, owner"},
	{name: "webhook", home: inRegister, key: "id", cols: "id, controller, url, made, made_by, ended"},
	{name: "sign_key", home: inRegister, key: "id", cols: "id, public, since, until"},
	{name: "erasure", home: inRegister, key: "id", cols: "id, kind, mark, at, made_by, subject, reason, basis, second, changed, kept, oldest, newest"},
	{name: "legal_hold", home: byIncident, key: "incident", cols: "incident, reason, made, made_by, ended, ended_by"},
	{name: "setting", home: inRegister, key: "name", cols: "name, value", where: "t.name = 'organisation'"},
}

// unbound are the tables in no facet, and why a change there falsifies nothing.
var unbound = map[string]string{
	"audit":          "the links themselves",
	"chain":          "the links' ends, checked against the links",
	"head_log":       "the log of ends, checked against the links",
	"head_node":      "the tree over the log, checked against it",
	"checkpoint":     "checked against the log",
	"sequence":       "counters; the numbers that they gave are bound in incidents",
	"done":           "answers to repeated requests",
	"counter":        "numbers of lists, worked out from records",
	"document":       "words of searches, worked out from what people wrote",
	"search":         "the index over documents",
	"search_data":    "the index over documents",
	"search_idx":     "the index over documents",
	"search_content": "the index over documents",
	"search_docsize": "the index over documents",
	"search_config":  "the index over documents",
	"word":           "words of searches, worked out from incidents",
	"fresh":          "words of searches, worked out from incidents",
	"session":        "log-ins",
	"failure":        "failed log-ins",
	"pulse":          "signs of life",
	"way":            "which ways out are closed at the moment",
	"draft":          "forms that nobody has sent",
	"link_code":      "codes, as hashes, for half an hour",
	"link_session":   "short sessions of links",
	"unwritten":      "what mails are written from; their words are bound in notices, their bytes before they are sent",
	"noted":          "how attempts ended, for the moment until that is recorded and bound",
	"card":           "which message in the chat is the live one",
	"schema_version": "the schema's version",
}

// facetOf finds a facet by its name.
var facetOf = prepared(facets)

func prepared(all []*facet) map[string]*facet {
	by := make(map[string]*facet, len(all))
	for _, f := range all {
		f.prepare()
		by[f.name] = f
	}
	return by
}

func (f *facet) prepare() {
	if f.table == "" {
		f.table = f.name
	}
	bools := columnsOf(f.bools)
	f.homed = -1
	for i, c := range columnsOf(f.cols) {
		name, hashed := strings.CutSuffix(c, "*")
		f.columns = append(f.columns, name)
		f.hashed = append(f.hashed, hashed)
		f.truth = append(f.truth, slices.Contains(bools, name))
		if f.home == byIncident && (name == "incident" || f.name == "incident" && name == "id") {
			f.homed = i
		}
	}
	for _, k := range columnsOf(f.key) {
		i := slices.Index(f.columns, k)
		if i < 0 {
			panic("facet " + f.name + " has no column " + k)
		}
		f.keys = append(f.keys, i)
	}
}

func columnsOf(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(strings.ReplaceAll(list, " ", ""), ",")
}

// label names a row within its chain.
func (f *facet) label(values []any) string {
	var s strings.Builder
	s.WriteString(f.name)
	for _, k := range f.keys {
		s.WriteByte('/')
		switch v := common(values[k]).(type) {
		case nil:
		case string:
			s.WriteString(v)
		default:
			fmt.Fprint(&s, v)
		}
	}
	return s.String()
}

// chainOf is the chain of a row, or "" if that is the one of its act.
func (f *facet) chainOf(values []any) string {
	switch {
	case f.home == inRegister:
		return registerChain
	case f.homed < 0:
		return ""
	}
	if id, _ := common(values[f.homed]).(string); id != "" {
		return id
	}
	return registerChain
}

// homeColumn is the chain of a row, in a query over the facet's table t.
func (f *facet) homeColumn() string {
	switch f.home {
	case byRecord:
		return "r.incident"
	case byDelivery:
		return "d.incident"
	case byIncident:
		return "t." + f.columns[f.homed]
	}
	return "''"
}

// query selects the bound columns and the chain of rows.
func (f *facet) query(where string) string {
	join := ""
	switch f.home {
	case byRecord:
		join = " join record r on r.id = t.record"
	case byDelivery:
		join = " join delivery d on d.id = t.delivery"
	}
	if f.where != "" {
		where = f.where + " and " + where
	}
	return "select t." + strings.Join(f.columns, ", t.") + ", " + f.homeColumn() + " as home from " + f.table + " t" + join + " where " + where
}
