package risk

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// node is a JSON Schema as far as ours go.
type node struct {
	Ref        string           `json:"$ref"`
	Defs       map[string]*node `json:"$defs"`
	Enum       []any
	Type       any
	Properties map[string]*node
	Required   []string
	Items      *node
	Maximum    float64
	MaxLength  float64
	MaxItems   float64
	Closed     *bool `json:"additionalProperties"`
}

func readSchema(t *testing.T, file string) *node {
	var n node
	readJSON(t, "../../docs/"+file, &n)
	return &n
}

func (n *node) at(root *node) *node {
	if name, ok := strings.CutPrefix(n.Ref, "#/$defs/"); ok {
		return root.Defs[name]
	}
	return n
}

// TestInputSchema holds the published schema to the shape that Parse uses:
// every key and word present, none extra.
func TestInputSchema(t *testing.T) {
	root := readSchema(t, "assessment-input.schema.json")
	compareShape(t, root, root, input, "facts")
}

func compareShape(t *testing.T, root, n *node, s *shape, path string) {
	n = n.at(root)
	switch s.kind {
	case anObject, aMap:
		want := map[string]*shape{}
		var must []string
		for _, k := range s.names() {
			want[k] = s.member(k)
		}
		for _, m := range s.keys {
			if m.must {
				must = append(must, m.key)
			}
		}
		sameKeys(t, path, slices.Collect(maps.Keys(n.Properties)), slices.Collect(maps.Keys(want)))
		sameKeys(t, path+" required", n.Required, must)
		if n.Closed == nil || *n.Closed {
			t.Errorf("%s: open to other keys", path)
		}
		for k, inner := range want {
			if n.Properties[k] != nil {
				compareShape(t, root, n.Properties[k], inner, join(path, k))
			}
		}
	case aList:
		if n.Items == nil || s.item.kind != aWord && n.MaxItems != s.max {
			t.Fatalf("%s: items %v, at most %v, want at most %v", path, n.Items, n.MaxItems, s.max)
		}
		compareShape(t, root, n.Items, s.item, path+"[]")
	case aWord:
		var got []string
		for _, v := range n.Enum {
			if v != nil {
				got = append(got, fmt.Sprint(v))
			}
		}
		sameKeys(t, path, got, s.values)
	case aWhole, aNumber:
		if n.Maximum != s.max || !strings.Contains(fmt.Sprint(n.Type), map[bool]string{true: "integer", false: "number"}[s.kind == aWhole]) {
			t.Errorf("%s: %v up to %v, want up to %v", path, n.Type, n.Maximum, s.max)
		}
	case aText:
		if n.MaxLength != s.max {
			t.Errorf("%s: at most %v, want %v", path, n.MaxLength, s.max)
		}
	case aFlag:
		if !strings.Contains(fmt.Sprint(n.Type), "boolean") {
			t.Errorf("%s: %v, want boolean", path, n.Type)
		}
	}
}

func sameKeys(t *testing.T, path string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", path, got, want)
	}
}

// TestOutputSchema holds the published schema to the fields of Proposal, and
// the proposals of all encoded cases to the schema.
func TestOutputSchema(t *testing.T) {
	root := readSchema(t, "assessment-output.schema.json")
	compareType(t, root, root, reflect.TypeFor[Proposal](), "proposal")
	for _, c := range precedentCases() {
		var v any
		if err := json.Unmarshal([]byte(asJSON(t, Assess(encoded(t, c.ID)))), &v); err != nil {
			t.Fatal(err)
		}
		conforms(t, root, root, v, c.ID)
	}
}

func compareType(t *testing.T, root, n *node, typ reflect.Type, path string) {
	n = n.at(root)
	switch typ.Kind() {
	case reflect.Slice:
		if n.Items == nil {
			t.Fatalf("%s: no items", path)
		}
		compareType(t, root, n.Items, typ.Elem(), path+"[]")
	case reflect.Struct:
		var names, must []string
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() {
				continue
			}
			names = append(names, name)
			if !strings.Contains(rest, "omit") {
				must = append(must, name)
			}
			if n.Properties[name] != nil {
				compareType(t, root, n.Properties[name], f.Type, join(path, name))
			}
		}
		sameKeys(t, path, slices.Collect(maps.Keys(n.Properties)), names)
		sameKeys(t, path+" required", n.Required, must)
	}
}

// conforms checks a value against the parts of JSON Schema that we use.
func conforms(t *testing.T, root, n *node, v any, path string) {
	n = n.at(root)
	if n.Enum != nil && !slices.Contains(n.Enum, v) {
		t.Errorf("%s: %v is none of %v", path, v, n.Enum)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range n.Required {
			if _, ok := v[k]; !ok {
				t.Errorf("%s: %s is missing", path, k)
			}
		}
		for k, inner := range v {
			if n.Properties[k] == nil {
				t.Errorf("%s: %s is not in the schema", path, k)
				continue
			}
			conforms(t, root, n.Properties[k], inner, join(path, k))
		}
	case []any:
		for i, inner := range v {
			if n.Items != nil {
				conforms(t, root, n.Items, inner, at(path, i))
			}
		}
	}
}
