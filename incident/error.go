package incident

import (
	"errors"
	"fmt"
)

// Kind says what sort of answer an Error is, so that every entrance (browser,
// API, command line) can give it its own form.
type Kind string

// The kinds of errors a person may see.
const (
	Invalid   Kind = "invalid"   // what was typed cannot be used
	NotFound  Kind = "not_found" // there is no such thing, or it is not yours
	Forbidden Kind = "forbidden" // the role does not allow the act
	Conflict  Kind = "conflict"  // somebody saved in between
	Refused   Kind = "refused"   // the state of the case does not allow the act
)

// Error is an error that a user may see. Key names the sentence in the message
// files, Field the input that it belongs to, and Args what the sentence needs.
// All other errors are ours: logged whole and shown as one sentence.
type Error struct {
	Kind  Kind
	Key   string
	Field string
	Args  map[string]any
}

// Word is an argument of a sentence that has words of its own in each language.
type Word string

// MessageKey names the words in the message files.
func (w Word) MessageKey() string { return string(w) }

// Error gives the key, for logs.
func (e *Error) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("%s: %s", e.Kind, e.Key)
	}
	return fmt.Sprintf("%s: %s (%s)", e.Kind, e.Key, e.Field)
}

// KindOf returns the kind of the first Error in err's chain, or "".
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// Errors are several errors of one form, one for each field at fault.
type Errors []*Error

// Error gives the first error's text.
func (es Errors) Error() string {
	if len(es) == 0 {
		return "no error"
	}
	return es[0].Error()
}

// Unwrap lets errors.As find each of them.
func (es Errors) Unwrap() []error {
	all := make([]error, len(es))
	for i, e := range es {
		all[i] = e
	}
	return all
}

// ErrStale is returned by Store.Apply when a row was changed since it was read.
var ErrStale = errors.New("changed since it was read")

// ErrRepeated is returned by Store.Apply when the change's idempotency key has
// been used already; the earlier outcome is found with Store.Outcome.
var ErrRepeated = errors.New("already done")

// orNil returns es as an error, or nil if there is none.
func (es Errors) orNil() error {
	if len(es) == 0 {
		return nil
	}
	return es
}

func invalid(field, key string) *Error {
	return &Error{Kind: Invalid, Field: field, Key: key}
}

func notFound(key string) *Error { return &Error{Kind: NotFound, Key: key} }

func refused(key string) *Error { return &Error{Kind: Refused, Key: key} }
