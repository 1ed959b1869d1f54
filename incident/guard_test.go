package incident_test

import (
	"testing"

	"hatakello/incident"
)

func TestScan(t *testing.T) {
	const (
		identity, card, iban = incident.FoundIdentityCode, incident.FoundCard, incident.FoundIBAN
		sure, doubt          = true, false
	)
	tests := []struct {
		text    string
		kind    incident.FindingKind // "": nothing is found
		what    string
		certain bool
	}{
		// Artificial and published identity codes; the sign is never changed.
		{"100190-999P", identity, "100190-999P", sure},
		{"100190Y999P", identity, "100190Y999P", sure},
		{"010190-999W", identity, "010190-999W", sure},
		{"010190Y999W", identity, "010190Y999W", sure},
		{"010594Y9021", identity, "010594Y9021", sure},
		{"020516C903K", identity, "020516C903K", sure},
		{"290200A900B", identity, "290200A900B", sure},
		{"010100+900F", identity, "010100+900F", sure},
		{"010124F9509", identity, "010124F9509", sure},
		{"131052-308T", identity, "131052-308T", sure},
		{"131052-308t", identity, "131052-308t", sure},
		{"131052-308A", identity, "131052-308A", doubt},
		{"310290-900X", "", "", false},
		{"290290-900X", "", "", false},
		{"131052–308T", identity, "131052–308T", sure},
		{"131052−308T", identity, "131052−308T", sure},
		{"131052\u2011308T", identity, "131052\u2011308T", sure},
		{"131052 308T", identity, "131052 308T", sure},
		{"131052\u00a0308T", identity, "131052\u00a0308T", sure},
		{"131052 - 308T", identity, "131052 - 308T", sure},
		{"131052\u00ad-308T", identity, "131052\u00ad-308T", sure},
		{"131052-\u200b308T", identity, "131052-\u200b308T", sure},
		{"１３１０５２－３０８Ｔ", identity, "１３１０５２－３０８Ｔ", sure},
		{"131052 308A", "", "", false},
		{"131052308T", identity, "131052308T", doubt},
		{"0101909991", "", "", false},
		{"hetu:131052-308T.", identity, "131052-308T", sure},
		{"Liite_131052-308T.pdf", identity, "131052-308T", sure},
		{"liite_131052_308T_v2.pdf", identity, "131052_308T", sure},
		{"131052-308T:n tiedot", identity, "131052-308T", sure},
		{"131052-308Tn tiedot", identity, "131052-308T", doubt},
		{"hetu131052-308T", identity, "131052-308T", sure},
		{"1131052-308T", "", "", false},
		{"131052-308T5", identity, "131052-308T", doubt},
		{"131052-001K", "", "", false},
		{"260322-140512", "", "", false}, // a time in a log

		// Card numbers published for tests.
		{"4111 1111 1111 1111", card, "4111 1111 1111 1111", sure},
		{"4111111111111111", card, "4111111111111111", sure},
		{"4111-1111-1111-1111", card, "4111-1111-1111-1111", sure},
		{"4111\u00a01111–1111\u202f1111", card, "4111\u00a01111–1111\u202f1111", sure},
		{"3782 822463 10005", card, "3782 822463 10005", sure},
		{"5555555555554444", card, "5555555555554444", sure},
		{"2223003122003222", card, "2223003122003222", sure},
		{"4222222222222", card, "4222222222222", sure},
		{"6304 0000 0000 0000 000", card, "6304 0000 0000 0000 000", sure},
		{"tilaus 12 4111 1111 1111 1111 ok", card, "4111 1111 1111 1111", sure},
		{"4111 1111 1111 1111 12/29 123", card, "4111 1111 1111 1111", sure},
		{"kortti4111111111111111", card, "4111111111111111", doubt},
		{"41 11 11 11 11 11 11 11", card, "41 11 11 11 11 11 11 11", doubt},
		{"1111 1111 1111 1117", card, "1111 1111 1111 1117", doubt},
		{"4111 1111 1111 1112", "", "", false},
		{"0000 0000 0000 0000", "", "", false},
		{"41111111111111111111", "", "", false},
		{"+4222222222222", "", "", false},
		{"0.4111111111111111", "", "", false},
		{"4111\n1111 1111 1111", "", "", false},

		// IBANs published as examples.
		{"FI2112345600000785", iban, "FI2112345600000785", sure},
		{"FI21 1234 5600 0007 85", iban, "FI21 1234 5600 0007 85", sure},
		{"fi21 1234 5600 0007 85", iban, "fi21 1234 5600 0007 85", sure},
		{"FI21\u00a01234\u00a05600\u00a00007\u00a085", iban, "FI21\u00a01234\u00a05600\u00a00007\u00a085", sure},
		{"FI21 123456 00000785", iban, "FI21 123456 00000785", sure},
		{"IBAN:FI2112345600000785.", iban, "FI2112345600000785", sure},
		{"tilioteFI2112345600000785.pdf", iban, "FI2112345600000785", sure},
		{"FI21 1234 5600 0007 85 ja muuta", iban, "FI21 1234 5600 0007 85", sure},
		{"SE45 5000 0000 0583 9825 7466", iban, "SE45 5000 0000 0583 9825 7466", sure},
		{"DE89 3704 0044 0532 0130 00", iban, "DE89 3704 0044 0532 0130 00", sure},
		{"GB29 NWBK 6016 1331 9268 19", iban, "GB29 NWBK 6016 1331 9268 19", sure},
		{"NO93 8601 1117 947", iban, "NO93 8601 1117 947", sure},
		{"MT84MALT011000012345MTLCAST001S", iban, "MT84MALT011000012345MTLCAST001S", sure},
		{"FI2112345600000786", "", "", false},
		{"FI21123456000007851", iban, "FI2112345600000785", doubt},
		{"GB29 NW BK6016 1331 9268 19", "", "", false},

		// What evidence is full of.
		{"", "", "", false},
		{"2026-11-22T14:05:07.123Z 10.0.0.12 GET /asiakkaat/12345 200", "", "", false},
		{"1763820307123", "", "", false},
		{"+358 40 123 4567, 040-123 4567", "", "", false},
		{"Y-tunnus 1234567-1, FI12345671, RF18 5390 0754 7034", "", "", false},
		{"550e8400-e29b-41d4-a716-446655440000", "", "", false},
		{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "", "", false},
	}
	for _, tt := range tests {
		got := incident.Scan(tt.text)
		if tt.kind == "" {
			if len(got) > 0 {
				t.Errorf("Scan(%q) = %+v, want nothing", tt.text, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Kind != tt.kind || tt.text[got[0].Start:got[0].End] != tt.what || got[0].Certain != tt.certain {
			t.Errorf("Scan(%q) = %+v, want %s %q, certain: %v", tt.text, got, tt.kind, tt.what, tt.certain)
		}
	}
}

func TestMask(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"ei mitään", "ei mitään"},
		{"Äidin hetu 131052–308T, lapsen 020516C903K.", "Äidin hetu ******-****, lapsen ******-****."},
		{"väärin 131052-308A", "väärin ******-****"},
		{"kortti 4111 1111 1111 1111, tili FI21 1234 5600 0007 85", "kortti **** **** **** ****, tili **** **** ****"},
		{"aika 1111111111111117", "aika 1111111111111117"}, // doubtful: it stays
		{"12 4111 1111 1111 1111", "12 **** **** **** ****"},
		{"100190-999P100190Y999P", "******-**********-****"},
		{"\xff131052-308T\xff", "\xff******-****\xff"},
	}
	for _, tt := range tests {
		if got := incident.Mask(tt.text); got != tt.want {
			t.Errorf("Mask(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
