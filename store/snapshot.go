package store

import (
	"context"
	"strings"

	"hatakello/incident"
)

// Snapshot lends a case as it is at one instant.
func (db *DB) Snapshot(ctx context.Context, id string, read func(incident.Snapshot) error) error {
	return db.look(ctx, func(c conn) error { return read(&snapshot{ctx, c, id}) })
}

// snapshot is a case within one reading transaction.
type snapshot struct {
	ctx context.Context
	c   conn
	id  string
}

// Links reads the case's chain.
func (s *snapshot) Links(do func(*incident.Audit) error) error {
	a := &incident.Audit{}
	return s.c.each(s.ctx, func(v []any) error {
		if err := auditOf(v, a); err != nil {
			return err
		}
		a.At = incident.StoredInstant(a.Stamp)
		return do(a)
	}, `select `+linkColumns+` from audit where chain = ?1 order by seq`, s.id)
}

// Facets are those whose rows are in the chains of cases.
func (s *snapshot) Facets() []string {
	var names []string
	for _, f := range facets {
		if f.home != inRegister {
			names = append(names, f.name)
		}
	}
	return names
}

// Rows reads the rows of a facet.
func (s *snapshot) Rows(name, record string, do func(incident.BoundRow) error) error {
	f := facetOf[name]
	where, args := f.homeColumn()+" = ?1", []any{s.id}
	if record != "" {
		where, args = where+" and "+f.recordColumn()+" = ?2", append(args, record)
	}
	var order []string
	for _, k := range f.keys {
		order = append(order, "t."+f.columns[k])
	}
	var line []byte
	return s.c.each(s.ctx, func(v []any) error {
		values := v[:len(v)-1]
		var err error
		if line, err = f.json(line[:0], values); err != nil {
			return err
		}
		return do(incident.BoundRow{Facet: f.name, Label: f.label(values), Line: line})
	}, f.query(where)+" order by "+strings.Join(order, ", "), args...)
}

// recordColumn is the controller's record of a row, in a query over the
// facet's table t. A row of the whole case has none, and none is found.
func (f *facet) recordColumn() string {
	switch {
	case f.home == byDelivery:
		return "d.record"
	case f.table == "record":
		return "t.id"
	case f.hasRecord():
		return "t.record"
	}
	return "''"
}

// hasRecord reports whether the facet's table has a column of the record.
func (f *facet) hasRecord() bool {
	for _, other := range facets {
		if other.table != f.table {
			continue
		}
		for _, c := range other.columns {
			if c == "record" {
				return true
			}
		}
	}
	return false
}

// MailBytes are those of a delivery's message.
func (s *snapshot) MailBytes(id string) ([]byte, error) {
	return s.bytes(`select bytes from body where delivery = ?1`, id)
}

// HandoverBytes are those of a pack that was handed over.
func (s *snapshot) HandoverBytes(id string) ([]byte, error) {
	return s.bytes(`select bytes from handover where id = ?1`, id)
}

// FileBytes are those that have a hash.
func (s *snapshot) FileBytes(hash string) ([]byte, error) {
	return s.bytes(`select bytes from files where sha256 = ?1`, hash)
}

func (s *snapshot) bytes(text, key string) (data []byte, err error) {
	err = s.c.each(s.ctx, func(v []any) error {
		b, _ := v[0].([]byte)
		data = append([]byte{}, b...)
		return nil
	}, text, key)
	return data, err
}

// Checkpoints reads all checkpoints but their notes.
func (s *snapshot) Checkpoints(do func(incident.Checkpoint) error) error {
	return s.c.each(s.ctx, func(v []any) error {
		var k incident.Checkpoint
		size, _ := v[0].(int64)
		at, _ := v[1].(string)
		stamped, _ := v[2].(int64)
		k.Size, k.At = uint64(size), incident.StoredInstant(at)
		if stamped != 0 {
			k.Stamp = []byte{}
		}
		return do(k)
	}, `select size, at, case when stamp is null then 0 else 1 end from checkpoint order by size`)
}

// Checkpoint loads one.
func (s *snapshot) Checkpoint(size uint64) (*incident.Checkpoint, error) {
	var k *incident.Checkpoint
	err := s.c.each(s.ctx, func(v []any) error {
		k = &incident.Checkpoint{Size: size}
		root, _ := v[0].([]byte)
		copy(k.Root[:], root)
		at, _ := v[1].(string)
		k.At = incident.StoredInstant(at)
		k.Note, _ = v[2].(string)
		stamp, _ := v[3].([]byte)
		k.Stamp = append([]byte(nil), stamp...)
		return nil
	}, `select root, at, note, stamp from checkpoint where size = ?1`, int64(size))
	return k, err
}

// Logged is the newest end of the case's chain in the log of that size.
func (s *snapshot) Logged(size uint64) (*incident.LoggedHead, error) {
	var h *incident.LoggedHead
	err := s.c.each(s.ctx, func(v []any) error {
		n, _ := v[0].(int64)
		h = &incident.LoggedHead{Index: uint64(n)}
		h.Seq, _ = v[1].(int64)
		head, _ := v[2].([]byte)
		h.Link = append([]byte(nil), head...)
		return nil
	}, `select n, seq, head from head_log where chain = ?1 and n < ?2 order by n desc limit 1`, s.id, int64(size))
	return h, err
}

// Inclusion proves that an entry is in the log of that size.
func (s *snapshot) Inclusion(index, size uint64) ([]incident.Digest, error) {
	return incident.Inclusion(index, size, nodes(s.ctx, s.c))
}

// Consistency proves that the log of one size is the beginning of another.
func (s *snapshot) Consistency(from, to uint64) ([]incident.Digest, error) {
	return incident.Consistency(from, to, nodes(s.ctx, s.c))
}

// Keys are those that were published.
func (s *snapshot) Keys() ([]incident.SignKey, error) { return readSignKeys(s.ctx, s.c) }
