package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	_ "time/tzdata" // --zone must work where the system has no zone files

	"hatakello/incident"
)

// DeadlineCmd is "hatakello deadline": it computes a deadline from a moment of
// awareness, without a case or a database.
type DeadlineCmd struct {
	Aware  string `required:"" placeholder:"TIME" help:"${deadline_aware}"`
	Zone   string `default:"Europe/Helsinki" help:"${deadline_zone}"`
	Hours  *int   `placeholder:"N" help:"${deadline_hours}"`
	Days   *int   `placeholder:"N" help:"${deadline_days}"`
	Months *int   `placeholder:"N" help:"${deadline_months}"`
	JSON   bool   `name:"json" help:"${deadline_json}"`

	now func() time.Time // time.Now where nil
}

// askedWrongly is an error about what was typed, not about the program.
type askedWrongly struct{ cause *incident.Error }

// Error gives the message's key, for logs.
func (e askedWrongly) Error() string { return e.cause.Error() }

// Unwrap gives the error whose message is shown.
func (e askedWrongly) Unwrap() error { return e.cause }

// ExitCode is 2, as for a command that was not understood.
func (e askedWrongly) ExitCode() int { return 2 }

func wrongly(field, key string, args map[string]any) error {
	return askedWrongly{&incident.Error{Kind: incident.Invalid, Field: field, Key: key, Args: args}}
}

// deadlineAnswer is what the command prints, times in RFC 3339.
type deadlineAnswer struct {
	AwareUTC   string `json:"aware_utc"`
	AwareLocal string `json:"aware_local"`
	Zone       string `json:"zone"`
	Period     string `json:"period"`
	DueUTC     string `json:"deadline_utc"`
	DueLocal   string `json:"deadline_local"`
	OuterUTC   string `json:"outer_limit_utc"`
	OuterLocal string `json:"outer_limit_local"`
	Rule       string `json:"rule"`
	OuterRule  string `json:"outer_limit_rule"`
}

// deadlinePeriods are the flags that give a period, with the message of the
// rule by which each counts.
var deadlinePeriods = []struct {
	flag, unit, rule string
	n                func(c *DeadlineCmd) *int
}{
	{"--hours", "h", "deadline.rule.hours", func(c *DeadlineCmd) *int { return c.Hours }},
	{"--days", "d", "deadline.rule.days", func(c *DeadlineCmd) *int { return c.Days }},
	{"--months", "mo", "deadline.rule.months", func(c *DeadlineCmd) *int { return c.Months }},
}

// Run computes and prints the deadline. An error about what was typed has the
// exit code 2, and its message says what to write instead.
func (c *DeadlineCmd) Run(t *terminal) error {
	period, rule, err := c.period(t)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil || c.Zone == "" || c.Zone == "Local" {
		return wrongly("--zone", "deadline.zone", map[string]any{"Text": c.Zone})
	}
	now := time.Now
	if c.now != nil {
		now = c.now
	}
	aware, err := incident.ParseLocal(c.Aware, now(), zone)
	if err != nil {
		return awareError(err, zone)
	}
	due, outer := period.After(aware, zone), period.Outer(aware, zone)
	return c.print(t.out, deadlineAnswer{
		AwareUTC: aware.Format(time.RFC3339), AwareLocal: aware.In(zone).Format(time.RFC3339),
		Zone: c.Zone, Period: period.String(),
		DueUTC: due.Format(time.RFC3339), DueLocal: due.In(zone).Format(time.RFC3339),
		OuterUTC: outer.Format(time.RFC3339), OuterLocal: outer.In(zone).Format(time.RFC3339),
		Rule: rule, OuterRule: t.words.Say(t.lang, "deadline.rule.outer"),
	})
}

// period returns the one period that the flags give, 72 hours where they give
// none, and its rule in words.
func (c *DeadlineCmd) period(t *terminal) (incident.Period, string, error) {
	chosen, n, given := deadlinePeriods[0], 72, 0
	for _, f := range deadlinePeriods {
		if v := f.n(c); v != nil {
			chosen, n = f, *v
			given++
		}
	}
	if given > 1 {
		return incident.Period{}, "", wrongly("--hours", "deadline.period.several", nil)
	}
	p, err := incident.ParsePeriod(fmt.Sprint(n) + chosen.unit)
	if err != nil || p.Zero() {
		return incident.Period{}, "", wrongly(chosen.flag, "deadline.period.length", map[string]any{"Text": fmt.Sprint(n)})
	}
	return p, t.words.Say(t.lang, chosen.rule, "N", n), nil
}

// print writes the answer as lines of name and value, or as JSON.
func (c *DeadlineCmd) print(out io.Writer, a deadlineAnswer) error {
	if c.JSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(a)
	}
	for _, line := range [][2]string{
		{"deadline_utc", a.DueUTC}, {"deadline_local", a.DueLocal},
		{"outer_limit_utc", a.OuterUTC}, {"outer_limit_local", a.OuterLocal},
		{"rule", a.Rule}, {"outer_limit_rule", a.OuterRule},
	} {
		if _, err := fmt.Fprintf(out, "%s: %s\n", line[0], line[1]); err != nil {
			return err
		}
	}
	return nil
}

// awareKeys are the messages for a moment that is not an instant.
var awareKeys = map[incident.LocalTimeKind]string{
	incident.LocalUnparsable: "deadline.aware.unparsable",
	incident.LocalUnclear:    "deadline.aware.unclear",
	incident.LocalYear:       "deadline.aware.year",
	incident.LocalNoTime:     "deadline.aware.no_time",
	incident.LocalMissing:    "deadline.aware.missing",
	incident.LocalAmbiguous:  "deadline.aware.ambiguous",
	incident.LocalFuture:     "deadline.aware.future",
	incident.LocalWeekday:    "deadline.aware.weekday",
	incident.LocalSeason:     "deadline.aware.season",
}

// awareError tells why the moment was refused, and the instants that may have
// been meant in a form that can be typed.
func awareError(err error, zone *time.Location) error {
	var e *incident.LocalTimeError
	if !errors.As(err, &e) {
		return err
	}
	const layout = "2006-01-02T15:04Z07:00"
	return wrongly("--aware", awareKeys[e.Kind], map[string]any{
		"Text": e.Text, "Day": e.First.In(zone).Format(time.DateOnly),
		"First": e.First.In(zone).Format(layout), "Second": e.Second.In(zone).Format(layout),
	})
}
