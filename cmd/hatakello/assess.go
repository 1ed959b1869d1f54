package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"hatakello/incident/risk"
)

// AssessCmd is "hatakello assess": it proposes a risk tier for the facts in a
// file, as a readable memo or, with --json, as the whole proposal.
type AssessCmd struct {
	File string `arg:"" help:"${assess_file}"`
	JSON bool   `name:"json" help:"${assess_json}"`
}

// Run reads the facts and writes the proposal to standard output. Facts that
// the vocabulary refuses end the program with 2.
func (c *AssessCmd) Run(t *terminal) error {
	in := io.Reader(t.in)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("assess: %w", err)
		}
		defer f.Close()
		in = f
	}
	return c.assess(in, t.out, t.lang)
}

func (c *AssessCmd) assess(in io.Reader, out io.Writer, lang string) error {
	facts, err := risk.Decode(in)
	var bad *risk.InputError
	if errors.As(err, &bad) {
		return badFacts{c.File, bad.In(lang)}
	}
	if err != nil {
		return fmt.Errorf("assess %s: %w", c.File, err)
	}
	p := risk.Assess(facts)
	if !c.JSON {
		return p.Memo(out, lang)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(p.In(lang))
}

// badFacts names a file and, in the operator's language, what is wrong with it.
type badFacts struct{ file, words string }

// Error is the sentence shown.
func (b badFacts) Error() string { return b.file + ": " + b.words }

// ExitCode is 2, as for a command that was not understood.
func (badFacts) ExitCode() int { return 2 }
