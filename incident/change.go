package incident

import (
	"context"
	"time"
)

// Change is everything that one act does. A store writes all of it or nothing.
type Change struct {
	Act    string
	By     Actor
	At     time.Time
	Key    string // idempotency key, or ""; unique together with By.ID and Act
	Result string // what a repeat of Key is told: the id of the thing made

	NewIncident *Incident // inserted; the store gives it its Number
	// Numbered, unless nil, is called when NewIncident has its Number and
	// before Deliveries are written: alarms name the number. It does no I/O.
	Numbered   func() error
	Imports    []*Incident // of an older register, inserted with the Numbers that they have
	Incident   *Incident   // updated, if its Version still holds
	Tally      Tally       // added to the incident's counters
	NewRecords []*Record   // inserted, with marks and deadlines
	Records    []*Record   // updated, if their Versions still hold; children are upserted
	Notices    []*Notice   // inserted
	Acked      []*Notice   // AckedAt and AckedBy updated
	Deliveries []*Delivery // inserted
	Written    []*Delivery // their bytes are inserted; ErrStale if there are some already
	Settled    []*Delivery // updated: Fate, Due, Lease, Tries, Settled; if they are still leased as they were read
	Noted      []string    // ids of deliveries whose noted ends are settled by this; ErrStale if they were already
	Cancelled  []string    // ids of pending deliveries that are no longer wanted
	// StopRoute cancels whatever waits for a route, also what a courier holds.
	StopRoute  Route
	Chased     []Chase     // when notices are chased
	Proposals  []*Proposal // inserted, or decided if they still wait
	Phrases    []*Phrase   // inserted, or approved
	Ways       []*Way      // upserted
	Cards      []*Card     // upserted, if their Versions still hold
	Receipts   []Receipt   // inserted
	Warned     []*Deadline // Warn updated, nothing else
	Deadlines  []*Deadline // of the incident itself (Record ""), upserted
	Rings      []*Ring     // upserted
	Entries    []*Entry    // inserted
	Evidence   []*Evidence // inserted
	Register   Register    // customers and services, upserted
	Users      []*User     // upserted
	Tokens     []*Token    // upserted
	Webhooks   []*Webhook  // added, or ended
	Setting    *Organisation
	Draw       *Draw            // inserted
	Samples    []*Sample        // upserted
	Answers    []FormAnswer     // of a controller, upserted
	Handovers  []*Handover      // inserted
	Files      []*Content       // inserted, unless kept already
	Codes      []*LinkCode      // upserted, if their Versions still hold
	Sessions   []*LinkSession   // upserted: Until
	EndedLinks []*Link          // lead nowhere from now on
	SignKeys   []SignKey        // upserted
	Questions  []*Question      // upserted, if their Versions still hold
	Replies    []*Reply         // inserted, or decided if they still wait
	Own        []*OwnAssessment // of a controller, upserted, if their Versions still hold
	Shares     []*OwnShare      // inserted, or ended
	Offered    []*OfferedFacts  // upserted
	Received   []*Received      // added with bytes, or updated if their Versions still hold
	Requests   []*Request       // upserted, if their Versions still hold
	Copies     []*ReplyCopy     // inserted, or seen for the first time
	// ContactLinks and ContactChanges are inserted, or used and objected to.
	ContactLinks   []*ContactLink
	ContactChanges []*ContactChange
	Debrief        *Debrief   // upserted, if its Version still holds; without its lists
	Passages       []*Passage // inserted, or ended
	Actions        []*Action  // upserted, if their Versions still hold

	LegalHold   *LegalHold    // upserted
	Erasure     *Erasure      // taken out, and said so in every chain
	Tellings    []*Telling    // inserted
	JointGroups []*JointGroup // upserted, if their Versions still hold

	About   string // id of the incident whose chain this belongs to; "" is the register's chain
	What    any    // what the act did, for the chain
	Content []byte // What as JSON, filled in by the Desk
	Salt    []byte // 16 random bytes beside Content
}

// Register is a set of changes to customers and services.
type Register struct {
	Controllers []*Controller
	Services    []*Service
}

// Audit is a link of a hash chain: who did what, when, and what the rows that
// the act wrote were. The chain covers commitments, so that a name can be
// erased and the chain still verifies. docs/proof.md describes every hash.
type Audit struct {
	Chain   string // incident id or "register"
	Seq     int64
	At      time.Time
	By      string
	Act     string
	Content []byte
	Salt    []byte
	Commit  []byte // to By and Content
	Again   []byte // to both as they are since a person was erased from them
	Bound   []byte // the rows: see AppendBound; nil also when it was not loaded
	Leaves  int64  // how many rows are in Bound
	Root    []byte // of the tree over Bound; nil in links from before rows were bound
	Stamp   string // At as it is stored and hashed; "" is worked out from At
	Prev    []byte
	Hash    []byte
}

// Store keeps cases. Reads see whole acts only; Apply writes one Change in one
// durable transaction. Missing things are *Error of kind NotFound.
type Store interface {
	QuestionStore
	RequestStore
	ReceivedStore
	OwnStore
	ErasureStore
	ContactStore

	// Apply writes c. It returns ErrStale if a Version did not hold and
	// ErrRepeated if c.Key was used before; then nothing was written.
	Apply(ctx context.Context, c *Change) error
	// Outcome returns what the act with this key made, or "" if it was never done.
	Outcome(ctx context.Context, by, act, key string) (string, error)

	Incident(ctx context.Context, id string) (*Incident, error)
	// Record loads one record with its marks, deadlines, assessments, filings
	// and decisions, and with its incident's marks in Shared.
	Record(ctx context.Context, id string) (*Record, error)
	// RecordOf loads the record of a controller in an incident.
	RecordOf(ctx context.Context, incident, controller string) (*Record, error)
	// Records loads the same for those ids, or for all open records of the
	// incident when ids is nil, ordered by id.
	Records(ctx context.Context, incident string, ids []string) ([]*Record, error)
	// Judged returns the ids of the open records of an incident that have an
	// assessment or a decision.
	Judged(ctx context.Context, incident string) ([]string, error)
	// OpenCasesOf returns the ids of the open incidents that a controller has a
	// record in, oldest first.
	OpenCasesOf(ctx context.Context, controller string) ([]string, error)
	// Excluded returns the ids of an incident's records that are not affected.
	Excluded(ctx context.Context, incident string) ([]string, error)
	// Affected returns the controllers that use any of the services, each once,
	// with all their contacts and uses; own services give the controller Own.
	Affected(ctx context.Context, services []string) ([]*Controller, error)
	// Controllers loads those ids with contacts and uses, in any order.
	Controllers(ctx context.Context, ids []string) ([]*Controller, error)
	// Match finds controllers by tenant id, name (any case), business ID or
	// id. The result maps each word to the ids that it names.
	Match(ctx context.Context, words []string) (map[string][]string, error)
	// Names lists all controllers but the own company, ordered by id.
	Names(ctx context.Context) ([]Named, error)
	// Services loads all services, ordered by name.
	Services(ctx context.Context) ([]*Service, error)
	Organisation(ctx context.Context) (Organisation, error)
	// NewestCheckpoint returns the newest checkpoint of the log, or nil.
	NewestCheckpoint(ctx context.Context) (*Checkpoint, error)

	// JointGroup loads one group of joint controllers; JointGroups those that
	// are asked for, by name.
	JointGroup(ctx context.Context, id string) (*JointGroup, error)
	JointGroups(ctx context.Context, in JointGroupIn) ([]*JointGroup, error)
	// NoticeByToken finds the notice of the delivery whose Token is hash.
	NoticeByToken(ctx context.Context, hash string) (*Notice, error)
	// Link finds the delivery whose Token is hash, unless the link was ended.
	Link(ctx context.Context, hash string) (*Link, error)
	// LinksOf returns the links to a record that were not ended, oldest first.
	LinksOf(ctx context.Context, record string) ([]*Link, error)
	LinkCode(ctx context.Context, link string) (*LinkCode, error)
	// LinkSession finds a session by its hash, unless its link was ended.
	LinkSession(ctx context.Context, hash string) (*LinkSession, error)
	// FormAnswers returns the newest answers of a record, by key.
	FormAnswers(ctx context.Context, record string) (map[string]FormAnswer, error)
	// Numbers returns those of the given numbers that cases have already.
	Numbers(ctx context.Context, numbers []string) ([]string, error)
	// Entry loads one line of a timeline, with the entry that corrected it.
	Entry(ctx context.Context, incident, id string) (*Entry, error)
	// EntryByRef returns the newest entry about a message of a chat, or nil.
	EntryByRef(ctx context.Context, incident, ref string) (*Entry, error)
	// Content loads what a file holds, by its hash.
	Content(ctx context.Context, hash string) (*Content, error)
	// Evidence loads one file's description.
	Evidence(ctx context.Context, incident, id string) (*Evidence, error)
	// Tellings returns what people were told about a record's breach, oldest first.
	Tellings(ctx context.Context, record string) ([]*Telling, error)
	// Handovers returns those of a record without their bytes, oldest first.
	Handovers(ctx context.Context, record string) ([]*Handover, error)
	// SignKeys returns every key that ever signed, the oldest first.
	SignKeys(ctx context.Context) ([]SignKey, error)
	// Running counts the incident's deadlines of ours that still run.
	Running(ctx context.Context, incident string) (int, error)
	// Unexplained counts the incident's deadlines of ours that were met after
	// their limit and have no Reason.
	Unexplained(ctx context.Context, incident string) (int, error)
	// RunningDuty counts those of one duty.
	RunningDuty(ctx context.Context, incident, duty string) (int, error)
	// Notice loads one notice.
	Notice(ctx context.Context, id string) (*Notice, error)
	// NewestNotices loads the newest notice of each record.
	NewestNotices(ctx context.Context, records []string) (map[string]*Notice, error)
	// Delivery loads one delivery with its receipts.
	Delivery(ctx context.Context, id string) (*Delivery, error)
	// Deliveries come newest first, with receipts and without bytes; incident
	// "" is all cases, record "" all records.
	Deliveries(ctx context.Context, incident, record string, cut Cut) ([]*Delivery, string, error)
	// Webhook loads one endpoint, ended ones too.
	Webhook(ctx context.Context, id string) (*Webhook, error)
	// Webhooks loads the endpoints of controllers that have not been ended; ""
	// is the organisation's own.
	Webhooks(ctx context.Context, controllers []string) ([]*Webhook, error)
	// Tried returns the addresses to which deliveries of these notices were made.
	Tried(ctx context.Context, notices []string) (map[string][]string, error)

	// LastFacts returns what the newest notice of each record said; records
	// without a notice are not in it.
	LastFacts(ctx context.Context, records []string) (map[string]*Stated, error)
	// Chases returns up to n notices whose time to be chased has come, oldest first.
	Chases(ctx context.Context, now time.Time, n int) ([]*Notice, error)
	// PendingOf returns the deliveries to a record that no courier holds, without bytes.
	PendingOf(ctx context.Context, record string) ([]*Delivery, error)
	// PendingBy returns the pending deliveries by a route, without bytes, most urgent first.
	PendingBy(ctx context.Context, route Route) ([]*Delivery, error)
	// Waiting returns those and the leased ones.
	Waiting(ctx context.Context, route Route) ([]*Delivery, error)
	// Ends returns when the last n mails were accepted, newest first.
	Ends(ctx context.Context, since time.Time, n int) ([]time.Time, error)
	// ToCall counts the records of an incident that wait for a call; Calls
	// returns them, tightest limit first, with their controllers' contacts.
	ToCall(ctx context.Context, incident string) (int, error)
	Calls(ctx context.Context, incident string) ([]*CallLine, error)
	// Phrases returns every version of every approved sentence, ordered by key
	// and version.
	Phrases(ctx context.Context) ([]*Phrase, error)
	// Proposal loads one; Proposals those of an incident, newest first.
	Proposal(ctx context.Context, id string) (*Proposal, error)
	Proposals(ctx context.Context, incident string) ([]*Proposal, error)
	// Card returns the card of an incident, or nil.
	Card(ctx context.Context, incident string) (*Card, error)
	// Tightest returns the nearest limit of ours that runs in an incident, or zero.
	Tightest(ctx context.Context, incident string) (time.Time, error)
	// CardsDue returns the open incidents, and the closed ones whose card is
	// older than their end.
	CardsDue(ctx context.Context) ([]Stirred, error)
	// ClosedWays returns the ways out that are shut.
	ClosedWays(ctx context.Context) ([]*Way, error)
	// HasTier reports whether a record of the incident has the tier.
	HasTier(ctx context.Context, incident string, tier Tier) (bool, error)

	// Unwritten returns what those of the deliveries that have no bytes yet are
	// written from, with their notices, ordered by id.
	Unwritten(ctx context.Context, deliveries []string) ([]*Unwritten, error)
	// Ended makes the ends of attempts durable, which were made at now.
	Ended(ctx context.Context, outs []Outcome, now time.Time) error
	// Noted returns up to n of those that are to be settled at now, oldest first.
	Noted(ctx context.Context, now time.Time, n int) ([]Outcome, error)
	// PutOff lets a noted end wait.
	PutOff(ctx context.Context, delivery string, until time.Time) error
	// Claim leases up to n pending deliveries by one of the routes that are due at now, most urgent
	// first, together with those whose lease has run out.
	Claim(ctx context.Context, routes []Route, n int, now, until time.Time) ([]*Delivery, error)
	// Warnings returns up to n running deadlines whose Warn has come, oldest first.
	Warnings(ctx context.Context, now time.Time, n int) ([]*Deadline, error)
	// Ring loads one ring.
	Ring(ctx context.Context, id string) (*Ring, error)
	// Rings returns up to n rings whose Next has come, oldest first.
	Rings(ctx context.Context, now time.Time, n int) ([]*Ring, error)
	// Ringing returns up to n rings of open cases that have no End, those that
	// nobody has answered first.
	Ringing(ctx context.Context, n int) ([]*Ring, error)
	// OpenRings returns the rings of an incident that have no End, oldest first.
	OpenRings(ctx context.Context, incident string) ([]*Ring, error)
	// Draw returns the draw of a quarter, or nil.
	Draw(ctx context.Context, quarter string) (*Draw, error)
	// Lenient returns what was decided from an instant until another, exclusive,
	// that ends a duty to report, oldest first: see Sample.Kind.
	Lenient(ctx context.Context, from, until time.Time) ([]*Sample, error)
	// Debrief loads what was learnt from a case: the passages that stand and all
	// actions. Before anybody has begun one it has no Opened.
	Debrief(ctx context.Context, incident string) (*Debrief, error)
	// Action loads one; ActionsDue returns up to n that are not done and whose
	// Remind has come, oldest first.
	Action(ctx context.Context, id string) (*Action, error)
	ActionsDue(ctx context.Context, now time.Time, n int) ([]*Action, error)
	// User loads a member of staff.
	User(ctx context.Context, id string) (*User, error)
	// Sample loads one decision that was drawn for a second look.
	Sample(ctx context.Context, id string) (*Sample, error)
}
