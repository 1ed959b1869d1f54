package incident

import (
	"slices"
	"time"
)

// Authority is an entry of the dated register of authorities. Its key names
// its texts.
type Authority struct {
	Key   string
	Since time.Time // zero: always
	Until time.Time // exclusive; zero: still
	// DataProtection means that Art. 33(1) reports may go there.
	DataProtection bool
}

// Ombudsman is the default authority of a Finnish controller.
const Ombudsman = "tsv"

// Authorities are those that a case may concern. Åland's Datainspektionen is
// competent for Åland's own public bodies; "lead" and "several" stand for a
// lead authority of another state and for a controller outside the EEA, where
// there is no one-stop shop (rule 7).
var Authorities = []Authority{
	{Key: Ombudsman, DataProtection: true},
	{Key: "di", DataProtection: true},
	{Key: "lead", DataProtection: true},
	{Key: "several", DataProtection: true},
	{Key: "traficom"},
	{Key: "ktk"},
	{Key: "valvira", Until: day(2026, 1, 1)},
	{Key: "lvv", Since: day(2026, 1, 1)},
	{Key: "kela"},
	{Key: "finfsa"},
	{Key: "dvv"},
	{Key: "police"},
}

// AuthoritiesAt returns those that existed at t.
func AuthoritiesAt(t time.Time) []Authority {
	return slices.DeleteFunc(slices.Clone(Authorities), func(a Authority) bool {
		return t.Before(a.Since) || (!a.Until.IsZero() && !t.Before(a.Until))
	})
}

// competent reports whether Art. 33(1) reports may go to the authority.
func competent(key string) bool {
	return slices.ContainsFunc(Authorities, func(a Authority) bool { return a.Key == key && a.DataProtection })
}

// CompetentAuthority returns the key of the authority to which the record's
// controller reports.
func (r *Record) CompetentAuthority() string {
	if r.Authority == "" {
		return Ombudsman
	}
	return r.Authority
}
