package incident

import (
	"encoding/json"
	"fmt"
	"strings"
)

// stamped is a result as it is kept: behind the print of what was asked, so
// that a key used again for something else is noticed.
func (a Actor) stamped(result string) string {
	if a.Print == "" {
		return result
	}
	return a.Print + " " + result
}

// unstamped returns the result that was kept, or an Error if the key belongs
// to a request that asked for something else.
func (a Actor) unstamped(kept string) (string, error) {
	if a.Print == "" {
		return kept, nil
	}
	print, result, _ := strings.Cut(kept, " ")
	if print != a.Print {
		return "", &Error{Kind: Invalid, Field: "Idempotency-Key", Key: "key.reused"}
	}
	return result, nil
}

// memo writes down what an act is to say again when it is repeated.
func memo(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

// recall reads a memo into v, if the act was a repeat.
func (c *Change) recall(v any) error {
	if c.What != nil || c.Result == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(c.Result), v); err != nil {
		return fmt.Errorf("recall %s: %w", c.Act, err)
	}
	return nil
}
