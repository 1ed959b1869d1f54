package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// What is wrong with a body as a whole.
var (
	errKind       = errors.New("body of another kind")
	errUnreadable = errors.New("body is not JSON")
)

// keyMax is the longest idempotency key, in bytes.
const keyMax = 255

// readBody reads the body within its limit and the idempotency key that makes
// a repeat of the call harmless.
func readBody(c *gin.Context, r apiRoute, ask *request) error {
	kind, params, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	charset, coding := params["charset"], c.GetHeader("Content-Encoding")
	if err != nil || kind != r.kind || coding != "" && coding != "identity" ||
		kind == jsonKind && charset != "" && !strings.EqualFold(charset, "utf-8") {
		return fmt.Errorf("%w: %.100q", errKind, kind)
	}
	if ask.body, err = io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, r.limit)); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	keys := c.Request.Header.Values("Idempotency-Key")
	if len(keys) == 0 {
		return nil
	}
	if len(keys) > 1 || keys[0] == "" || len(keys[0]) > keyMax || strings.IndexFunc(keys[0], unprintable) >= 0 {
		return apiInvalid("Idempotency-Key", "api.key", "max", keyMax)
	}
	ask.by.Request, ask.by.Print = keys[0], ask.print(c)
	return nil
}

func unprintable(r rune) bool { return r < ' ' || r > '~' }

// print is a hash of all that the call asks for.
func (ask request) print(c *gin.Context) string {
	h := sha256.New()
	u := c.Request.URL
	for _, part := range [][]byte{[]byte(c.Request.Method), []byte(u.EscapedPath()), []byte(u.Query().Encode()), ask.body} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":"))
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// read decodes the body into the struct that v points at, strictly: what it
// does not know, what stands twice and what has another type is refused by
// name, because a program that is wrong about a field is wrong about more.
func (ask request) read(v any) error {
	if !utf8.Valid(ask.body) {
		return fmt.Errorf("%w: not UTF-8", errUnreadable)
	}
	var errs incident.Errors
	dec := json.NewDecoder(bytes.NewReader(ask.body))
	dec.UseNumber()
	if err := walk(dec, reflect.TypeOf(v).Elem(), "", 0, &errs); err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("%w: something follows", errUnreadable)
	}
	if len(errs) == 1 {
		return errs[0]
	}
	if len(errs) > 0 {
		return errs
	}
	err := json.Unmarshal(ask.body, v)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return apiInvalid(wrong.Field, "api.type", "wanted", jsonType(wrong.Type), "found", wrong.Value)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

// deepest is how many brackets may stand inside each other.
const deepest = 12

// walk checks the next value of dec against the type that it will be read
// into: field names exactly as they are described, each once.
func walk(dec *json.Decoder, t reflect.Type, path string, depth int, errs *incident.Errors) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	if depth > deepest {
		return errors.New("nested too deeply")
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch tok {
	case json.Delim('{'):
		err = walkObject(dec, t, path, depth, errs)
	case json.Delim('['):
		item := inner(t, reflect.Slice)
		for i := 0; dec.More() && err == nil; i++ {
			err = walk(dec, item, path+"["+strconv.Itoa(i)+"]", depth+1, errs)
		}
	default:
		if depth == 0 {
			found := "null"
			if tok != nil {
				found = fmt.Sprintf("%.30v", tok)
			}
			*errs = append(*errs, apiInvalid("", "api.type", "wanted", "object", "found", found))
		}
		return nil
	}
	if err == nil {
		_, err = dec.Token() // the closing bracket
	}
	return err
}

func walkObject(dec *json.Decoder, t reflect.Type, path string, depth int, errs *incident.Errors) error {
	known, seen := fieldsOf(t), map[string]bool{}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return err
		}
		name, _ := tok.(string)
		at := strings.TrimPrefix(path+"."+name, ".")
		if len(at) > 100 {
			return errors.New("name too long")
		}
		if seen[name] {
			*errs = append(*errs, apiInvalid(at, "api.twice"))
		}
		seen[name] = true
		in := inner(t, reflect.Map)
		if known != nil {
			var ok bool
			if in, ok = known[name]; !ok {
				*errs = append(*errs, apiInvalid(at, "api.unknown", "known", sortedNames(known)))
			}
		}
		if len(*errs) > 100 {
			return errors.New("too many errors")
		}
		if err := walk(dec, in, at, depth+1, errs); err != nil {
			return err
		}
	}
	return nil
}
