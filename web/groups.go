package web

import "strings"

// Groups of people for whom some answers differ, as parts of the tree of answers.

func (a answers) groups() []any {
	list, _ := a["groups"].([]any)
	return list
}

// group returns the n-th group's own answers, or nil.
func (a answers) group(n int) answers {
	list := a.groups()
	if n < 0 || n >= len(list) {
		return nil
	}
	m, _ := list[n].(map[string]any)
	return m
}

func (a answers) groupNames() []string {
	var names []string
	for i := range a.groups() {
		names = append(names, asString(a.group(i)["name"]))
	}
	return names
}

// addGroup adds a group unless one has that name.
func (a answers) addGroup(name string) {
	for _, have := range a.groupNames() {
		if strings.EqualFold(have, name) {
			return
		}
	}
	a["groups"] = append(a.groups(), map[string]any{"name": name})
}

func (a answers) dropGroup(n int) {
	list := a.groups()
	if n < 0 || n >= len(list) {
		return
	}
	if a["groups"] = append(append([]any{}, list[:n]...), list[n+1:]...); len(list) == 1 {
		delete(a, "groups")
	}
}
