package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"hatakello/incident"
	"hatakello/templates"
)

// chosenLang finds the language before the command line is parsed, since the
// help needs it: the last --lang, then HATAKELLO_LANG, then the locale, then
// Finnish.
func chosenLang(args []string, getenv func(string) string) string {
	for i, a := range slices.Backward(args) {
		if l, ok := strings.CutPrefix(a, "--lang="); ok && slices.Contains(templates.Langs, l) {
			return l
		}
		if a == "--lang" && i+1 < len(args) && slices.Contains(templates.Langs, args[i+1]) {
			return args[i+1]
		}
	}
	for _, name := range []string{"HATAKELLO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		l, _, _ := strings.Cut(getenv(name), "_")
		if slices.Contains(templates.Langs, l) {
			return l
		}
	}
	return templates.Langs[0]
}

// helpTexts makes every message "cli.help.X" the variable ${X}.
func helpTexts(t *terminal) kong.Vars {
	vars := kong.Vars{"chosen": t.lang}
	for key := range t.words.Keys(t.lang) {
		if name, ok := strings.CutPrefix(key, "cli.help."); ok {
			vars[name] = t.words.Say(t.lang, key)
		}
	}
	return vars
}

// explain prints an error and returns the exit code. What the operator can put
// right is said in their language; all else is shown whole, since the one who
// types commands is the one who mends the machine.
func (t *terminal) explain(err error) int {
	var es incident.Errors
	var one *incident.Error
	switch {
	case errors.As(err, &es):
		for _, e := range es {
			t.say(e.Key, pairs(e)...)
		}
	case errors.As(err, &one):
		t.say(one.Key, pairs(one)...)
	case err.Error() != "":
		fmt.Fprintln(t.err, "hatakello:", err)
	}
	var c interface{ ExitCode() int }
	if errors.As(err, &c) {
		return c.ExitCode()
	}
	return 1
}

// pairs gives an error's arguments to Words.Say, in a fixed order.
func pairs(e *incident.Error) []any {
	all := []any{"Field", e.Field}
	for k, v := range e.Args {
		all = append(all, k, v)
	}
	return all
}
