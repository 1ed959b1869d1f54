package incident

import (
	"context"
	"errors"
	"time"
)

var errUnwritten = errors.New("not written yet")

func (d *Desk) Log(ctx context.Context, by Actor, in Log) (*Incident, error) {
	return nil, errUnwritten
}

func (d *Desk) Affect(ctx context.Context, by Actor, incident string, in Affect) (*Found, error) {
	return nil, errUnwritten
}

func (d *Desk) SetCertainty(ctx context.Context, by Actor, record string, c Certainty, reason string) error {
	return errUnwritten
}

func (d *Desk) Describe(ctx context.Context, by Actor, incident string, version int, f Facts) error {
	return errUnwritten
}

func (d *Desk) DescribeRecord(ctx context.Context, by Actor, record string, version int, f Facts) error {
	return errUnwritten
}

func (d *Desk) Preview(ctx context.Context, by Actor, record string, in Notify) (Letter, Contact, error) {
	return Letter{}, Contact{}, errUnwritten
}

func (d *Desk) Notify(ctx context.Context, by Actor, incident string, in Notify) (*Sent, error) {
	return nil, errUnwritten
}

func (d *Desk) Phone(ctx context.Context, by Actor, record string, in Call) error {
	return errUnwritten
}

func (d *Desk) Acknowledge(ctx context.Context, secret, name string) (*Notice, error) {
	return nil, errUnwritten
}

func (d *Desk) Assess(ctx context.Context, by Actor, record string, a Assessment) error {
	return errUnwritten
}

func (d *Desk) Report(ctx context.Context, by Actor, record string, f Filing) error {
	return errUnwritten
}

func (d *Desk) Decide(ctx context.Context, by Actor, record string, dec Decision) error {
	return errUnwritten
}

func (d *Desk) MarkIncident(ctx context.Context, by Actor, incident string, m Mark) error {
	return errUnwritten
}

func (d *Desk) MarkRecord(ctx context.Context, by Actor, record string, m Mark) error {
	return errUnwritten
}

func (d *Desk) Note(ctx context.Context, by Actor, incident, text string) error {
	return errUnwritten
}

func (d *Desk) Close(ctx context.Context, by Actor, incident, reason string) error {
	return errUnwritten
}

func (d *Desk) Claim(ctx context.Context, routes []Route, n int, lease time.Duration) ([]*Delivery, error) {
	return nil, errUnwritten
}

func (d *Desk) Settle(ctx context.Context, outs []Outcome) error {
	return errUnwritten
}

func (d *Desk) Tick(ctx context.Context) (int, error) {
	return 0, errUnwritten
}

func (d *Desk) SaveController(ctx context.Context, by Actor, c *Controller) error {
	return errUnwritten
}

func (d *Desk) SaveService(ctx context.Context, by Actor, s *Service) error {
	return errUnwritten
}

func (d *Desk) SaveOrganisation(ctx context.Context, by Actor, o Organisation) error {
	return errUnwritten
}

func (d *Desk) SaveUser(ctx context.Context, by Actor, u *User) error {
	return errUnwritten
}

func (d *Desk) AddToken(ctx context.Context, by Actor, name string, role Role) (secret string, err error) {
	return "", errUnwritten
}
