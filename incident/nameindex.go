package incident

import (
	"slices"
	"strings"
	"unicode"
)

// Named is a controller by the names under which a text may speak of it.
type Named struct {
	ID         string
	Name       string
	BusinessID string // normalised, or ""
}

// A nameIndex finds the names and Business IDs of the register in a text. Case,
// punctuation, line ends and invisible characters do not count.
type nameIndex struct {
	longest  map[string]int       // by first word: words of the longest name
	names    map[string]*nameHits // by the name's words, joined by spaces
	business map[string][]string  // ids by Business ID
	seen     map[string][]nameFound
}

// nameHits are those who bear a name.
type nameHits struct {
	Name string
	IDs  []string
	Sure bool // a full name of several words: it is nothing else
}

// nameFound is a name in a text. Key is the same wherever the name stands.
type nameFound struct {
	Kind  FindingKind
	Shown string
	IDs   []string
	Sure  bool
	Key   string
}

// The kinds of findings that name a controller.
const (
	FoundName       FindingKind = "name"
	FoundBusinessID FindingKind = "business_id"
)

// companyForms may be left out of a name when people write it.
var companyForms = map[string]bool{"oy": true, "ab": true, "oyj": true, "abp": true, "ky": true, "kb": true, "ay": true, "tmi": true,
	"ry": true, "rf": true, "sr": true, "rs": true, "osk": true, "ltd": true, "limited": true, "plc": true, "inc": true, "llc": true, "gmbh": true}

// endingMax is how many letters an inflected name may have more than the name,
// as in Koivurantaan or Norrskens.
const endingMax = 4

// leastName is the length, in characters, of the shortest single word that is
// looked for as a name.
const leastName = 3

func newNameIndex(all []Named) *nameIndex {
	x := &nameIndex{longest: map[string]int{}, names: make(map[string]*nameHits, 2*len(all)), business: map[string][]string{}, seen: map[string][]nameFound{}}
	for _, n := range all {
		words := nameWords(n.Name)
		x.add(words, n, len(words) > 1)
		if bare := bareName(words); len(bare) < len(words) {
			x.add(bare, n, false)
		}
		if n.BusinessID != "" {
			x.business[n.BusinessID] = append(x.business[n.BusinessID], n.ID)
		}
	}
	return x
}

func (x *nameIndex) add(words []string, n Named, sure bool) {
	if len(words) == 0 || len(words) == 1 && len([]rune(words[0])) < leastName {
		return
	}
	key := strings.Join(words, " ")
	h := x.names[key]
	if h == nil {
		h = &nameHits{Name: n.Name}
		x.names[key] = h
	}
	h.IDs, h.Sure = append(h.IDs, n.ID), h.Sure || sure
	x.longest[words[0]] = max(x.longest[words[0]], len(words))
}

// nameWords cuts a text into its words, in lower case.
func nameWords(s string) []string {
	s = strings.ToLower(compose.Replace(s))
	if strings.ContainsFunc(s, invisible) {
		s = strings.Map(func(r rune) rune {
			if invisible(r) {
				return -1
			}
			return r
		}, s)
	}
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) })
}

// bareName leaves company forms out at both ends, if a name is left.
func bareName(words []string) []string {
	from, to := 0, len(words)
	for from < to && companyForms[words[from]] {
		from++
	}
	for to > from && companyForms[words[to-1]] {
		to--
	}
	return words[from:to]
}

// find returns the names in a text, each once. Where one name is the beginning
// of another, the longer one is meant.
func (x *nameIndex) find(text string) []nameFound {
	if found, ok := x.seen[text]; ok {
		return found
	}
	var found []nameFound
	words := nameWords(text)
	for i := 0; i < len(words); {
		h, key, n := x.at(words[i:])
		if h != nil {
			found = append(found, nameFound{FoundName, h.Name, h.IDs, h.Sure, flagKey(FoundName, key)})
		}
		i += n
	}
	found = append(found, x.businessIDs(text)...)
	x.seen[text] = uniqueFound(found)
	return x.seen[text]
}

// at returns the longest name that begins a list of words, and how many words
// to go on.
func (x *nameIndex) at(words []string) (*nameHits, string, int) {
	for n := min(x.longest[words[0]], len(words)); n > 0; n-- {
		key := strings.Join(words[:n], " ")
		if h := x.names[key]; h != nil {
			return h, key, n
		}
		if h, stem := x.inflected(key); h != nil && n > 1 {
			return h, stem, n
		}
	}
	h, stem := x.inflected(words[0])
	return h, stem, 1
}

// inflected finds a name to which a few letters have been added. It is never sure.
func (x *nameIndex) inflected(phrase string) (*nameHits, string) {
	runes := []rune(phrase)
	for n := 1; n <= endingMax && len(runes)-n >= leastName+2; n++ {
		stem := string(runes[:len(runes)-n])
		if h := x.names[stem]; h != nil && !strings.HasSuffix(stem, " ") {
			return &nameHits{Name: h.Name, IDs: h.IDs}, stem
		}
	}
	return nil, ""
}

// businessIDs finds those of the register, with or without hyphen or prefix.
func (x *nameIndex) businessIDs(text string) []nameFound {
	if len(x.business) == 0 || !strings.ContainsFunc(text, unicode.IsDigit) {
		return nil
	}
	var found []nameFound
	plain := strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return plainHyphen(r)
	}, text)
	for _, word := range strings.FieldsFunc(plain, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		id, err := ParseBusinessID(strings.Trim(word, "-"))
		if err != nil {
			continue
		}
		if ids := x.business[id]; ids != nil {
			found = append(found, nameFound{FoundBusinessID, id, ids, true, flagKey(FoundBusinessID, id)})
		}
	}
	return found
}

func uniqueFound(all []nameFound) []nameFound {
	var once []nameFound
	for _, f := range all {
		if !slices.ContainsFunc(once, func(g nameFound) bool { return g.Key == f.Key }) {
			once = append(once, f)
		}
	}
	return once
}
