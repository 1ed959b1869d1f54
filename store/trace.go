package store

import "strings"

// A trace is a table in which a person's name may stand, and how it is taken
// out. Every column of text or bytes is in a trace or in nameless; a test sees
// to that, so that a new column cannot be forgotten.
type trace struct {
	table string
	key   string // columns that name a row
	text  string // columns of plain text
	json  string // columns of JSON
	// proof is a column of bytes that may have to be kept as evidence: it is
	// emptied as a whole, never changed.
	proof string
	// drop says that a row in which the name stands goes as a whole.
	drop bool
	// guard is a condition under which a row cannot be spared: the reason is
	// the key erase.blocked.TABLE.
	guard string
	of    string // the case that the row is about, where its chain is not the case's
}

// traces in the order in which places are told.
var traces = []*trace{
	{table: "contact", key: "controller, n", text: "name, email, phone", drop: true},
	{table: "contact_link", key: "hash", text: "address, name"},
	{table: "contact_change", key: "id", text: "made_by, ended_by", json: "was, now"},
	{table: "staff", key: "id", text: "login, name, slack", guard: "not t.disabled"},
	{table: "controller", key: "id", text: "name, business_id", json: "mandate", guard: openRecordOf},
	{table: "usage", key: "controller, service, tenant", text: "tenant", drop: true},
	{table: "service", key: "id", text: "name"},
	{table: "joint_group", key: "id", text: "name, arrangement"},
	{table: "incident", key: "id", text: "title, logged_by, ended", json: "services, facts, regimes, inquiry, answers, source, imported"},
	{table: "record", key: "id", text: "name, acked_by", json: "facts, answers, mandate, joint"},
	{table: "mark", key: "incident, record, n", text: "said, why, made_by"},
	{table: "deadline", key: "incident, record, id", text: "how, reason"},
	{table: "assessment", key: "record, n", text: "reason, dpo, made_by, approver", json: "facts, grounds, exempt"},
	{table: "filing", key: "record, n", text: "channel, reference, late_reason, receipt, made_by", json: "files"},
	{table: "decision", key: "record, n", text: "reason, approver, dpo, authority, made_by"},
	{table: "approval", key: "record, kind, which", text: "reason, made_by"},
	{table: "reopening", key: "record, n", text: "why, made_by", json: "changed"},
	{table: "entry", key: "incident, id", text: "content, made_by, typed, why, ref", json: "args"},
	{table: "evidence", key: "id", text: "name, about, typed, made_by"},
	{table: "notice", key: "id", text: "subject, content, said, made_by, acked_by", json: "facts, was, phrases"},
	{table: "delivery", key: "id", text: "address, name", guard: "t.fate in ('pending', 'leased') and t.notice is not null"},
	{table: "receipt", key: "delivery, try, began", text: "reply, queue, server, tls, report"},
	{table: "body", key: "delivery", proof: "bytes"},
	{table: "unwritten", key: "delivery", json: "source"},
	{table: "noted", key: "delivery", json: "ending"},
	{table: "handover", key: "id", text: "made_by, via", json: "facts", proof: "bytes"},
	{table: "received", key: "id", text: "made_by", json: "reading"},
	{table: "received_body", key: "received", proof: "bytes", of: "(select x.incident from received x where x.id = t.received)"},
	{table: "files", key: "sha256", proof: "bytes", of: fileOf},
	{table: "telling", key: "id", text: "despite, people, why, content, made_by"},
	{table: "question", key: "id", text: "controller, content, address, name, made_by"},
	{table: "reply", key: "id", text: "made_by, decided_by, reason", json: "heads, texts, cleared, questions, records"},
	{table: "reply_copy", key: "reply, record", text: "controller, head, content, seen_by"},
	{table: "form_answer", key: "record, key", text: "value, made_by"},
	{table: "proposal", key: "id", text: "made_by, decided_by, reason", json: "input"},
	{table: "ring", key: "id", text: "acked_by"},
	{table: "debrief", key: "incident", text: "opened_by, done_by"},
	{table: "passage", key: "incident, id", text: "content, made_by"},
	{table: "action", key: "id", text: "content, name, made_by, done_by, result"},
	{table: "own_assessment", key: "record", text: "reason, made_by", json: "answers"},
	{table: "own_share", key: "record, n", text: "reason, made_by"},
	{table: "offered_facts", key: "record", text: "made_by", json: "answers"},
	{table: "incident_was", key: "incident, version", text: "title, ended", json: "services, facts, regimes, inquiry, answers, source"},
	{table: "record_was", key: "incident, record, version", text: "name, acked_by", json: "facts, answers, mandate, joint"},
	{table: "deadline_was", key: "incident, record, id, until", text: "how, reason"},
	{table: "subject_request", key: "id", text: "name, label, channel, made_by, passed_to, proof, answered_by, answer"},
	{table: "link_end", key: "link", text: "made_by"},
	{table: "review_sample", key: "id", text: "made_by, reason, looked_by"},
	{table: "phrase", key: "key, version", text: "title, made_by, approved_by", json: "texts"},
	{table: "token", key: "id", text: "name"},
	{table: "webhook", key: "id", text: "url, made_by", guard: "t.ended is null"},
	{table: "setting", key: "name", json: "value", guard: "t.name = 'organisation'"},
	{table: "way", key: "route", text: "why, said"},
	{table: "legal_hold", key: "incident", text: "reason, made_by, ended_by"},
	{table: "erasure", key: "id", text: "made_by, reason, basis, second"},
	{table: "audit", key: "chain, seq", text: "made_by", json: "content"},

	{table: "draft", key: "owner, form", text: "owner, form, content", drop: true},
	{table: "session", key: "hash", text: "data", drop: true},
	{table: "failure", key: "key, at", text: "key", drop: true},
	{table: "done", key: "actor, act, key", text: "key, result", drop: true},
}

// fileOf finds the case of a file: an open one first, if several keep it.
const fileOf = `(select x.incident from evidence x join incident i on i.id = x.incident where x.sha256 = t.sha256 order by i.closed_at is not null, x.id limit 1)`

// openRecordOf finds customers who are affected in a case that is open.
const openRecordOf = `exists (select 1 from record r join incident i on i.id = r.incident where r.controller = t.id and i.closed_at is null)`

// nameless are the columns that hold no name: keys that the program made,
// instants, hashes, words of its own, and what is made anew with the rest.
var nameless = strings.Fields(`
	contact.lang contact.ends contact_link.kind contact_link.controller contact_link.lang contact_link.change contact_link.made contact_link.until
	contact_link.used_at contact_link.delivery contact_change.controller contact_change.at contact_change.outcome contact_change.ended
	incident.folded record.folded controller.folded service.folded joint_group.folded incident.number incident.logger incident.facet incident.dated incident.tight incident.aware incident.logged_at incident.closed_at
	counter.incident counter.kind counter.value sequence.name done.actor done.act done.at
	record.incident record.controller record.lang record.part record.certainty record.authority record.tier record.stage record.tight
	record.acked_at record.call_at record.made record_was.lang record_was.part record_was.certainty record_was.authority record_was.tier
	record_was.stage record_was.acked_at record_was.call_at record_was.until
	mark.moment mark.at mark.sure mark.made assessment.tier assessment.proposed assessment.rules assessment.by_id assessment.at
	filing.kind filing.at filing.promised filing.made filing.due decision.kind decision.by_id decision.held_from decision.held_until decision.at
	approval.verdict approval.by_id approval.at reopening.at
	deadline.duty deadline.basis deadline.owed_to deadline.period deadline.start deadline.due deadline.outer_limit deadline.met deadline.warn deadline.made
	deadline_was.start deadline_was.due deadline_was.outer_limit deadline_was.met incident_was.closed_at incident_was.until
	entry.record entry.at entry.key entry.kind entry.happened entry.corrects entry.evidence
	evidence.incident evidence.record evidence.sha256 evidence.happened evidence.at files.mime files.made
	notice.incident notice.record notice.lang notice.next_update notice.code notice.at notice.acked_at notice.chase_at
	delivery.incident delivery.record delivery.notice delivery.route delivery.fate delivery.urgency delivery.due delivery.lease delivery.token delivery.made delivery.settled
	receipt.ended receipt.sha256 handover.incident handover.record handover.kind handover.form handover.lang handover.sha256 handover.at
	received.incident received.sha256 received.at received.came
	telling.incident telling.record telling.at telling.channel telling.safe telling.told telling.untold telling.made
	question.incident question.record question.topic question.lang question.at question.ring_at question.answered_at question.reply
	reply.incident reply.seal reply.maker reply.at reply.state reply.decided_at reply_copy.incident reply_copy.lang reply_copy.at reply_copy.seen_at
	form_answer.at proposal.incident proposal.seal proposal.maker proposal.at proposal.state proposal.decided_at
	ring.incident ring.duty ring.due ring.made ring.next_at ring.acked_at ring.ended debrief.opened debrief.done
	passage.question passage.reader passage.made passage.ended action.incident action.owner action.due action.reader action.made action.done action.remind
	own_assessment.tier own_assessment.at own_share.tier own_share.at own_share.ended offered_facts.at
	subject_request.kind subject_request.incident subject_request.controller subject_request.received subject_request.due subject_request.extended
	subject_request.passed_at subject_request.delivery subject_request.answered_at subject_request.ring_at
	link_end.record link_end.at review_sample.quarter review_sample.kind review_sample.incident review_sample.record review_sample.made review_sample.by_id
	review_sample.drawn review_sample.verdict review_sample.looked_at draw.quarter draw.at phrase.stale phrase.maker phrase.at phrase.approved_at
	staff.roles staff.lang staff.password staff.made controller.lang controller.authority joint_group.lead joint_group.arranged joint_group.ended
	joint_member.joint_group joint_member.controller token.role token.hash token.made token.revoked token.owner
	webhook.controller webhook.secret webhook.made webhook.ended sign_key.id sign_key.public sign_key.since sign_key.until
	chain.id chain.head audit.at audit.act audit.salt audit.seal audit.prev audit.hash audit.again audit.root audit.bound
	head_log.chain head_log.head head_node.hash checkpoint.root checkpoint.at checkpoint.note checkpoint.stamp
	session.expires pulse.node pulse.version pulse.started pulse.at way.since way.told draft.at noted.due
	link_code.link link_code.hash link_code.made link_code.until link_code.since link_code.used
	link_session.hash link_session.link link_session.record link_session.made link_session.until
	card.incident card.channel card.stamp card.delivery card.sum card.at legal_hold.made legal_hold.ended erasure.kind erasure.mark erasure.at erasure.subject erasure.changed erasure.kept erasure.oldest erasure.newest erasure.scrubbed
	word.word word.incident fresh.incident document.kind document.ref document.incident document.words schema_version.tstamp`)
