package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"hatakello/incident/risk"
)

// AssessCmd proposes a risk tier for the facts in a file: a readable memo, or
// with --json the whole proposal.
type AssessCmd struct {
	File string `arg:"" help:"File of facts in JSON; - reads standard input."`
	JSON bool   `name:"json" help:"Print the proposal as JSON."`
	Lang string `enum:"en,fi,sv" default:"en" help:"Language of the words: en, fi or sv."`
}

// Run reads the facts and writes the proposal to standard output.
func (c *AssessCmd) Run() error { return c.run(os.Stdin, os.Stdout) }

func (c *AssessCmd) run(in io.Reader, out io.Writer) error {
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("assess: %w", err)
		}
		defer f.Close()
		in = f
	}
	facts, err := risk.Decode(in)
	if err != nil {
		return badFacts(c, err)
	}
	p := risk.Assess(facts)
	if !c.JSON {
		return p.Memo(out, c.Lang)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(p.In(c.Lang))
}

// badInput is an error of the caller's making: the program ends with 2.
type badInput struct{ error }

// ExitCode is the status that the program ends with.
func (badInput) ExitCode() int { return 2 }

// Unwrap gives the error underneath.
func (b badInput) Unwrap() error { return b.error }

// badFacts names the file and, in the caller's language, what is wrong with it.
func badFacts(c *AssessCmd, err error) error {
	var bad *risk.InputError
	if !errors.As(err, &bad) {
		return fmt.Errorf("assess %s: %w", c.File, err)
	}
	return badInput{fmt.Errorf("%s: %s", c.File, bad.In(c.Lang))}
}
