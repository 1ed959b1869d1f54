// Command hatakello leads a company through a personal data breach.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Helsinki's clock changes, on machines without zone files

	"github.com/alecthomas/kong"

	"hatakello/templates"
)

// version is set when the program is built (see the Makefile).
var version = "dev"

// grammar is the command line. Help texts stand in the message files: the
// variable ${serve} is the message "cli.help.serve".
type grammar struct {
	Lang string `help:"${lang}" enum:"fi,sv,en" default:"${chosen}" env:"HATAKELLO_LANG"`

	Serve    ServeCmd    `cmd:"" help:"${serve}"`
	Demo     DemoCmd     `cmd:"" help:"${demo}"`
	User     UserCmd     `cmd:"" help:"${user}"`
	Token    TokenCmd    `cmd:"" help:"${token}"`
	Import   ImportCmd   `cmd:"" help:"${importing}"`
	Bell     BellCmd     `cmd:"" help:"${bell}"`
	Bounce   BounceCmd   `cmd:"" help:"${bounce}"`
	Keys     KeysCmd     `cmd:"" help:"${keys}"`
	Webhook  WebhookCmd  `cmd:"" help:"${webhook}"`
	Contacts ContactsCmd `cmd:"" help:"${contacts}"`
	Backup   BackupCmd   `cmd:"" help:"${backup}"`
	Bundle   BundleCmd   `cmd:"" help:"${bundle}"`
	Assess   AssessCmd   `cmd:"" help:"${assess}"`
	Deadline DeadlineCmd `cmd:"" help:"${deadline}"`
	Erase    EraseCmd    `cmd:"" help:"${erase}"`
	Verify   VerifyCmd   `cmd:"" help:"${verify}"`
	Version  VersionCmd  `cmd:"" help:"${version}"`
}

// VersionCmd prints which program this is.
type VersionCmd struct{}

// Run prints the version alone on a line.
func (VersionCmd) Run(t *terminal) error {
	fmt.Fprintln(t.out, version)
	return nil
}

// terminal is where a command reads and speaks, and in which language.
type terminal struct {
	in       *os.File
	out, err io.Writer
	words    *templates.Words
	lang     string
}

// print prints one message that was asked for to standard output.
func (t *terminal) print(key string, pairs ...any) {
	fmt.Fprintln(t.out, t.words.Say(t.lang, key, pairs...))
}

// say prints one message to standard error.
func (t *terminal) say(key string, pairs ...any) {
	fmt.Fprintln(t.err, t.words.Say(t.lang, key, pairs...))
}

func main() {
	words, err := templates.LoadWords()
	if err != nil {
		fmt.Fprintln(os.Stderr, "hatakello:", err)
		os.Exit(1)
	}
	t := &terminal{os.Stdin, os.Stdout, os.Stderr, words, chosenLang(os.Args[1:], os.Getenv)}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code := run(ctx, t, os.Args[1:])
	stop()
	os.Exit(code)
}

// run does one command and returns the exit code: 0 when it was done, 1 when
// it was not, 2 when it was asked for wrongly.
func run(ctx context.Context, t *terminal, args []string) int {
	var g grammar
	code := -1
	parser, err := kong.New(&g, kong.Name("hatakello"), kong.Description(t.words.Say(t.lang, "cli.help.hatakello")),
		helpTexts(t), kong.Writers(t.out, t.err), kong.Exit(func(c int) { code = c }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(t.err, "hatakello:", err)
		return 1
	}
	k, err := parser.Parse(args)
	if code >= 0 { // --help has been answered
		return code
	}
	if err != nil {
		t.say("cli.usage", "Error", err)
		return 2
	}
	if err := k.Run(t); err != nil {
		return t.explain(err)
	}
	return 0
}
