package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
)

// json is a row as it is committed to: one JSON object in one line, the table
// first, then the bound columns in their order, without spaces. It is the same
// on both databases.
func (f *facet) json(out []byte, values []any) ([]byte, error) {
	out = append(append(append(out, `{"table":"`...), f.name...), '"')
	for i, c := range f.columns {
		out = append(append(append(out, `,"`...), c...), `":`...)
		var err error
		if out, err = f.value(out, i, common(values[i])); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", f.name, c, err)
		}
	}
	return append(out, '}'), nil
}

func (f *facet) value(out []byte, i int, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(out, "null"...), nil
	case string:
		return appendString(out, v), nil
	case bool:
		return strconv.AppendBool(out, v), nil
	case int64:
		if f.truth[i] {
			return strconv.AppendBool(out, v != 0), nil
		}
		return strconv.AppendInt(out, v, 10), nil
	case []byte:
		out = append(out, '"')
		if f.hashed[i] {
			h := sha256.Sum256(v)
			out = hex.AppendEncode(out, h[:])
		} else {
			out = base64.StdEncoding.AppendEncode(out, v)
		}
		return append(out, '"'), nil
	}
	return nil, fmt.Errorf("a value of type %T", v)
}

// common brings what is written and what is read to the same few types.
func common(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case []byte:
		if v == nil {
			return nil
		}
	}
	return v
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string. Only what JSON demands is escaped, in one
// way: quote, backslash and the control characters.
func appendString(out []byte, s string) []byte {
	out = append(out, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(append(append(out, s[from:i]...), '\\'), c)
		case c < ' ':
			out = append(append(out, s[from:i]...), '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			continue
		}
		from = i + 1
	}
	return append(append(out, s[from:]...), '"')
}
