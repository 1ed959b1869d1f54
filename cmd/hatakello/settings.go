package main

import (
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"hatakello/incident"
	"hatakello/notify"
)

// database is where the cases are kept.
type database struct {
	DB string `name:"db" help:"${db}" default:"hatakello.db" env:"HATAKELLO_DB"`
}

// postgres reports whether the cases are kept in PostgreSQL, by its URL.
func (d database) postgres() bool {
	return strings.HasPrefix(d.DB, "postgres://") || strings.HasPrefix(d.DB, "postgresql://")
}

// settings is everything that is chosen when the server starts.
type settings struct {
	database
	Listen         string `help:"${listen}" default:"127.0.0.1:8080" env:"HATAKELLO_LISTEN"`
	URL            string `name:"url" help:"${url}" env:"HATAKELLO_URL"`
	SMTP           string `name:"smtp" help:"${smtp}" env:"HATAKELLO_SMTP"`
	SMTPFile       string `name:"smtp-file" help:"${smtp_file}" env:"HATAKELLO_SMTP_FILE" placeholder:"FILE"`
	From           string `help:"${from}" env:"HATAKELLO_FROM"`
	SlackToken     string `help:"${slack_token}" env:"HATAKELLO_SLACK_TOKEN"`
	SlackTokenFile string `help:"${slack_token_file}" env:"HATAKELLO_SLACK_TOKEN_FILE" placeholder:"FILE"`
	SlackChannel   string `help:"${slack_channel}" env:"HATAKELLO_SLACK_CHANNEL"`
	SlackAPI       string `name:"slack-api" help:"${slack_api}" env:"HATAKELLO_SLACK_API"`
	slackSecret
	callSheets
	SignKey string `name:"sign-key" help:"${sign_key}" env:"HATAKELLO_SIGN_KEY" placeholder:"FILE"`
	Keys    string `help:"${keys_dir}" env:"HATAKELLO_KEYS" placeholder:"FOLDER"`
	returns
	outgoing
	witnesses
	WebhookAllow []string `name:"webhook-allow" help:"${webhook_allow}" env:"HATAKELLO_WEBHOOK_ALLOW"`
	Proxies      []string `name:"proxy" help:"${proxy}" env:"HATAKELLO_PROXY"`
}

// slackSecret is what Slack signs the clicks on its buttons with.
type slackSecret struct {
	SlackSecret     string `name:"slack-signing-secret" help:"${slack_secret}" env:"HATAKELLO_SLACK_SIGNING_SECRET"`
	SlackSecretFile string `name:"slack-signing-secret-file" help:"${slack_secret_file}" env:"HATAKELLO_SLACK_SIGNING_SECRET_FILE" placeholder:"FILE"`
}

// check is one thing that a setting must be. The message names the flag, says
// what is wrong with the value and what to write instead.
type check struct {
	flag string
	key  string
	ok   func(*settings) bool
	show func(*settings) string // the value, unless it is a secret
}

func hidden(*settings) string { return "" }

// checks are made in this order; all that fail are told at once.
var checks = []check{
	{"db", "cli.setting.db", func(s *settings) bool { return s.postgres() || !strings.Contains(s.DB, "://") }, hidden},
	{"db", "cli.setting.db.folder", func(s *settings) bool { return s.postgres() || strings.Contains(s.DB, "://") || inFolder(s.DB) },
		func(s *settings) string { return s.DB }},
	{"listen", "cli.setting.listen", func(s *settings) bool { return isAddress(s.Listen) }, func(s *settings) string { return s.Listen }},
	{"url", "cli.setting.url", func(s *settings) bool { return s.URL == "" || isSite(s.URL) }, func(s *settings) string { return s.URL }},
	{"smtp", "cli.setting.smtp", func(s *settings) bool { return s.SMTP == "" || isMailServer(s.SMTP) }, hidden},
	{"from", "cli.setting.from", func(s *settings) bool { return s.From == "" || isMailbox(s.From) }, func(s *settings) string { return s.From }},
	{"from", "cli.setting.from.missing", func(s *settings) bool { return s.SMTP == "" || s.From != "" }, hidden},
	{"slack-channel", "cli.setting.slack.channel", func(s *settings) bool { return s.SlackToken == "" || s.SlackChannel != "" }, hidden},
	{"slack-token", "cli.setting.slack.token", func(s *settings) bool { return s.SlackChannel == "" || isToken(s.SlackToken) }, hidden},
	{"slack-api", "cli.setting.slack.api", func(s *settings) bool { return s.SlackAPI == "" || isWeb(s.SlackAPI) }, func(s *settings) string { return s.SlackAPI }},
	{"call-sheet-dir", "cli.setting.callsheets", func(s *settings) bool { return s.callSheets.usable() }, func(s *settings) string { return s.CallSheetDir }},
	{"slack-signing-secret", "cli.setting.slack.secret", func(s *settings) bool { return s.SlackSecret == "" || isToken(s.SlackSecret) && s.SlackToken != "" }, hidden},
	{"bounce-listen", "cli.setting.bounce.listen", func(s *settings) bool { return s.returns.listens() }, func(s *settings) string { return s.BounceListen }},
	{"bounce-listen", "cli.setting.bounce.to", func(s *settings) bool { return s.BounceListen == "" || isReturn(s.BounceTo) }, func(s *settings) string { return s.BounceTo }},
	{"bounce-imap", "cli.setting.bounce.imap", func(s *settings) bool { return s.returns.reads() }, hidden},
	{"witness", "cli.setting.witness", func(s *settings) bool { return allMailboxes(s.Witness) }, func(s *settings) string { return strings.Join(s.Witness, ",") }},
	{"tsa", "cli.setting.tsa", func(s *settings) bool { return s.TSA == "" || isTSA(s.TSA) }, func(s *settings) string { return s.TSA }},
	{"webhook-allow", "cli.setting.webhook.allow", func(s *settings) bool { _, err := networks(s.WebhookAllow); return err == nil },
		func(s *settings) string { return strings.Join(s.WebhookAllow, ",") }},
	{"proxy", "cli.setting.proxy", func(s *settings) bool { return allNetworks(s.Proxies) }, func(s *settings) string { return strings.Join(s.Proxies, ",") }},
}

// settle reads the secrets that stand in files, checks every setting and
// fills in what follows from the others.
func (s *settings) settle() error {
	wrong := append(s.readSecrets(), s.checkNumbers()...)
	for _, c := range checks {
		if !c.ok(s) {
			wrong = append(wrong, wrongSetting(c.flag, c.key, c.show(s)))
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	s.URL = strings.TrimRight(s.URL, "/")
	if s.SlackAPI != "" {
		s.SlackAPI = strings.TrimRight(s.SlackAPI, "/") + "/"
	}
	return nil
}

// readSecrets fills each secret from its file. A secret that is given twice is
// an error: nobody could tell which one holds.
func (s *settings) readSecrets() incident.Errors {
	var wrong incident.Errors
	for _, from := range []struct {
		flag, file string
		to         *string
	}{
		{"smtp-file", s.SMTPFile, &s.SMTP},
		{"slack-token-file", s.SlackTokenFile, &s.SlackToken},
		{"slack-signing-secret-file", s.SlackSecretFile, &s.SlackSecret},
	} {
		if from.file == "" {
			continue
		}
		data, err := os.ReadFile(from.file)
		switch {
		case *from.to != "":
			wrong = append(wrong, wrongSetting(from.flag, "cli.setting.twice", from.file))
		case err != nil || strings.TrimSpace(string(data)) == "":
			wrong = append(wrong, wrongSetting(from.flag, "cli.setting.file", from.file))
		default:
			*from.to = strings.TrimSpace(string(data))
		}
	}
	return wrong
}

func wrongSetting(flag, key, value string) *incident.Error {
	env := "HATAKELLO_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
	return &incident.Error{Kind: incident.Invalid, Key: key, Field: flag, Args: map[string]any{"Env": env, "Value": value}}
}

// inFolder reports whether the file's folder exists.
func inFolder(file string) bool {
	info, err := os.Stat(filepath.Dir(strings.TrimPrefix(file, "sqlite:")))
	return file != "" && err == nil && info.IsDir()
}

func isAddress(s string) bool {
	_, port, err := net.SplitHostPort(s)
	n, errPort := strconv.Atoi(port)
	return err == nil && errPort == nil && n >= 0 && n <= 65535
}

func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

// isSite reports whether s is an address under which a whole site can stand.
func isSite(s string) bool {
	u, err := url.Parse(s)
	return isWeb(s) && err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
}

func isMailServer(s string) bool {
	_, err := notify.ParseRelays(s)
	return err == nil
}

func isMailbox(s string) bool {
	_, err := mail.ParseAddress(s)
	return err == nil
}

func isToken(s string) bool { return s != "" && !strings.ContainsAny(s, " \t\r\n") }

func allNetworks(list []string) bool {
	for _, s := range list {
		if _, _, err := net.ParseCIDR(s); err != nil && net.ParseIP(s) == nil {
			return false
		}
	}
	return true
}
