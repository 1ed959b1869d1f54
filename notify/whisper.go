package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Whisper tells something to the one who clicked a button in Slack, and to
// nobody else. Slack gives the address; it must be Slack's own, or of the host
// of api if that is set: whoever forges a click must not make us call elsewhere.
func Whisper(api string) func(ctx context.Context, address, text string) error {
	scheme, host := "https", "hooks.slack.com"
	if u, err := url.Parse(api); err == nil && api != "" {
		scheme, host = u.Scheme, u.Host
	}
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func(ctx context.Context, address, text string) error {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != scheme || !strings.EqualFold(u.Host, host) || u.User != nil {
			return fmt.Errorf("answer a click: the address is not Slack's")
		}
		body, err := json.Marshal(map[string]any{"response_type": "ephemeral", "replace_original": false, "text": escape(text)})
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return fmt.Errorf("answer a click: %w", err)
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		res, err := client.Do(req)
		if err != nil {
			return fmt.Errorf("answer a click: %w", errUnwrapURL(err))
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("answer a click: %s", clean(res.Status))
		}
		return nil
	}
}

// errUnwrapURL takes the address out of an error: it is a secret.
func errUnwrapURL(err error) error {
	if e, ok := err.(*url.Error); ok { //nolint:errorlint // as http.Client returns it
		return e.Err
	}
	return err
}
